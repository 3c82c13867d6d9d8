// What the bench asks is read by way of indexes, whichever door asks it: workloads.ts.

import { beforeAll, expect, test } from 'vitest';
import { loadBenchData } from '../bench/data.ts';
import { type BenchRequest, type DoorName, workloads } from '../bench/workloads.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile();
beforeAll(async () => {
  await loadBenchData(server.database, 0.2);
});

/** The index that serves each, and the tables that may be read from one end to the other: small ones, and what is counted. */
const expected: Record<string, { readonly index: RegExp; readonly scanned?: RegExp }> = {
  filtered: { index: /Index Scan using "Product_name_idx"/ },
  thousand: { index: /Index Scan using "Product_pkey"/ },
  one: { index: /Index Scan using "Product_pkey"/ },
  nested: { index: /Index Scan (Backward )?using "Order_orderedAt_idx"[\s\S]*"OrderItem_orderId_idx"/ },
  page: { index: /Index Scan using "Product_name_idx"/, scanned: /Aggregate[\s\S]*?Seq Scan on "Product"/ },
};

const doors: readonly DoorName[] = ['query-api', 'graphql', 'odata'];

test.each(
  workloads
    .filter(({ id }) => id !== 'update')
    .flatMap(workload => doors.map(door => [workload.title, door, workload] as const)),
)('%s: %s', async (_title, door, { id, requests }) => {
  const { index, scanned } = expected[id]!;
  const plans = await plansOf(requests[door]!(id === 'nested' ? 16_000 : 100));
  const text = plans.join('\n');
  expect(text).toMatch(index);
  expect(scanned ? text.replace(scanned, '') : text).not.toMatch(/Seq Scan on "(Product|Order|OrderItem)"/);
});

/** @returns what PostgreSQL does for each statement of a request */
async function plansOf({ method, path, body }: BenchRequest): Promise<string[]> {
  const { database, adminKey } = server;
  const { query } = database;
  const statements: Parameters<typeof query>[] = [];
  database.query = (...args) => {
    if (!args[0].includes('portolan_')) statements.push(args);
    return query.apply(database, args);
  };
  try {
    const headers = body === undefined ? undefined : { 'content-type': 'application/json' };
    const response = await server.fetch(path, { key: adminKey, method, body, headers });
    const answer = await response.text();
    expect(response.status, answer).toBe(200);
    expect(answer).not.toContain('"errors"');
  } finally {
    database.query = query;
  }
  expect(statements.length).toBeGreaterThan(0);
  return Promise.all(
    statements.map(async ([text, values]) => {
      const { rows } = await database.query(`EXPLAIN ${text}`, values);
      return rows.flat().join('\n');
    }),
  );
}

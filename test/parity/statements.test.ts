import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { serverForFile } from '../harness.ts';
import { ApiClient } from './api-client.ts';
import { reads } from './reads.ts';

let doors: ApiClient;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  doors = new ApiClient(server);
});

test('no read issues more than one data statement, however deep', async () => {
  const seen: Record<string, number> = {};
  for (const read of reads) {
    for (const [door, run] of [
      ['Query API', () => doors.queryApi(read)],
      ['GraphQL', () => doors.graphql(read)],
      ['GraphQL by field', () => doors.graphqlByField(read)],
      ['OData', () => read.odata && doors.odata(read.odata)],
    ] as const) {
      const count = await statementsDuring(server.database, run);
      if (count > 1) seen[`${door}: ${read.promise}`] = count;
    }
  }
  expect(seen).toEqual({});
});

test('ten levels deep is still one statement', async () => {
  const deep =
    'products(take: 3) { category { products(take: 2) { supplier { products(take: 2) { orderItems(take: 2) { order { customer { orders(take: 2) { items(take: 2) { product { sheet { id } } } } } } } } } } } }';
  const count = await statementsDuring(server.database, () =>
    doors.queryApi({ promise: '', selection: deep }),
  );
  expect(count).toBe(1);
});

/** Counts the statements that read data. Whose key it is may be asked besides, once a second. */
async function statementsDuring(database: Database, work: () => unknown): Promise<number> {
  const { query } = database;
  let count = 0;
  database.query = (...args) => {
    if (!/portolan[_."]/.test(args[0])) count++;
    return query.apply(database, args);
  };
  try {
    await work();
  } finally {
    database.query = query;
  }
  return count;
}

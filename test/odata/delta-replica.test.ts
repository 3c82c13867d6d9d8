// Who follows the delta links of a list has the list, whatever is written meanwhile.

import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile();
beforeAll(async () => {
  get = client(server);
  await server.database.query(`INSERT INTO "Supplier" (code, name, country, rating)
    SELECT 'S' || n, 'Supplier', 'DE', n % 5 FROM generate_series(1, 60) n`);
});

const root = '/odata';
const list = '/suppliers?$select=id,name,rating&$filter=rating ge 2';

/** A copy of the list, by the addresses of its rows. */
const replica = new Map<string, unknown>();

async function apply(path: string, headers: Record<string, string>): Promise<string> {
  let next: string | undefined = path;
  for (;;) {
    const { status, text, body } = await get(next!, headers);
    expect(status, text).toBe(200);
    for (const entry of body.value) {
      const { '@odata.id': id, '@odata.etag': _, '@odata.context': __, ...row } = entry;
      if ('reason' in entry) replica.delete(entry.id);
      else replica.set(id ?? `http://localhost:3000/odata/suppliers(${row.id})`, row);
    }
    const link: string = body['@odata.nextLink'] ?? body['@odata.deltaLink'];
    const { pathname, search } = new URL(link);
    next = pathname.slice(root.length) + search;
    if (body['@odata.deltaLink']) return next;
  }
}

let seed = 11;
const random = (limit: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % limit;
};

const statements = [
  (n: number) => `UPDATE "Supplier" SET rating = ${n % 5}, name = 'n${n}' WHERE id % 61 = ${n % 61}`,
  (n: number) => `UPDATE "Supplier" SET rating = rating WHERE id % 61 = ${n % 61}`,
  (n: number) => `DELETE FROM "Supplier" WHERE id % 61 = ${n % 61}`,
  (n: number) =>
    `INSERT INTO "Supplier" (code, name, country, rating) VALUES ('N${n}', 'new', 'DE', ${n % 5}) ON CONFLICT DO NOTHING`,
  (n: number) => `UPDATE "Supplier" SET id = id + 100000 WHERE id % 61 = ${n % 61} AND id < 1000`,
];

test('a copy stays true while three are writing', async () => {
  const tracked = { prefer: 'odata.track-changes, odata.maxpagesize=7' };
  let link = await apply(list, tracked);
  const small = { prefer: 'odata.maxpagesize=7' };
  let writing = 3;
  const write = async () => {
    for (let step = 0; step < 40; step++) {
      await server.database
        .transaction(async session => {
          for (let count = random(3); count >= 0; count--) {
            await session.query(statements[random(statements.length)]!(random(100_000)));
          }
        })
        .catch(error => {
          // Writers that meet in another order each wait for the other: one of them is sent away.
          if (error.code !== '40P01') throw error;
        });
    }
    writing--;
  };
  const writers = [write(), write(), write()];
  while (writing > 0) link = await apply(link, small);
  await Promise.all(writers);
  await apply(await apply(link, small), small);
  const { body } = await get(`${list}&$top=10000`);
  const rows = body.value.map(({ '@odata.etag': _, ...row }: Record<string, unknown>) => row);
  expect([...replica.values()].sort(byId)).toEqual(rows.sort(byId));
  expect(rows.length).toBeGreaterThan(10);
});

const byId = (a: unknown, b: unknown): number => (a as { id: number }).id - (b as { id: number }).id;

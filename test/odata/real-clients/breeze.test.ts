// Breeze, which reads $metadata by itself, builds its queries from it, and saves all changes in one batch.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listening, startListening } from '../../listening.ts';

// biome-ignore lint/suspicious/noExplicitAny: its types are of another age
type Untyped = any;

// Its adapter brings a Breeze of its own.
const require = createRequire(createRequire(import.meta.url).resolve('breeze-odata4'));
const breeze: Untyped = require('breeze-client');
const { BreezeOData4 }: Untyped = require('breeze-odata4');

let served: Listening;
let manager: Untyped;

beforeAll(async () => {
  served = await startListening();
  // It stumbles over dates, times and open types in $metadata: it is given a key to a set without any.
  const key = await served.server.createKey('categories:read', 'categories:write');
  breeze.config.setQ({
    defer: () => Promise.withResolvers(),
    resolve: (value: unknown) => Promise.resolve(value),
    reject: (error: unknown) => Promise.reject(error),
    fcall: async (work: () => unknown) => work(),
    all: (promises: Promise<unknown>[]) => Promise.all(promises),
  });
  BreezeOData4.configure();
  const ajax = breeze.config.getAdapterInstance('dataService');
  ajax.headers = { ...ajax.headers, 'X-API-Key': key };
  manager = new breeze.EntityManager(`${served.url}/odata/`);
  await manager.fetchMetadata();
});
afterAll(() => served.close());

const sql = async (text: string): Promise<string[]> =>
  (await served.server.database.query(text)).rows.map(([value]) => value!);

test('reads $metadata', () => {
  const type = manager.metadataStore.getEntityType('Category:#Portolan');
  expect(type.keyProperties.map((property: Untyped) => property.name)).toEqual(['id']);
});

test('queries', async () => {
  const query = breeze.EntityQuery.from('categories')
    .where('name', 'contains', 'a')
    .orderBy('name')
    .take(5)
    .expand('parent');
  const { results } = await manager.executeQuery(query);
  expect(results.map((row: Untyped) => row.name)).toEqual(
    await sql(`SELECT name FROM "Category" WHERE name LIKE '%a%' ORDER BY name, id LIMIT 5`),
  );
});

test('saves what was made and changed, all at once', async () => {
  const [first] = (await manager.executeQuery(breeze.EntityQuery.from('categories').orderBy('id').take(1)))
    .results;
  first.name = 'Changed by Breeze';
  manager.createEntity('Category', { id: -1, slug: 'breeze', name: 'Made by Breeze', position: 1 });
  await manager.saveChanges();
  expect(await sql(`SELECT name FROM "Category" WHERE name LIKE '%Breeze' ORDER BY name`)).toEqual([
    'Changed by Breeze',
    'Made by Breeze',
  ]);
});

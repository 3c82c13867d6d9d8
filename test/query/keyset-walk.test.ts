// A long list read page by page while others write to it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { path } from '../../src/query/ask/expression.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { createKitchen, fields, many } from './kitchen/kitchen.ts';
import { bareConnection, readPage, walk } from './walk.ts';

let opened: TestDatabase;
let database: Database;
let engine: Engine;
let total: number;

beforeAll(async () => {
  opened = await openTestDatabase();
  ({ database } = opened);
  engine = await createKitchen(database);
  total = database.kind === 'embedded' ? 20_000 : 100_000;
  // Ten values and as many that are missing: every page begins and ends among equals.
  await database.query(
    `INSERT INTO things (thing_id, int, text, moment)
     SELECT i * 10, nullif(i % 11, 0), CASE WHEN i % 5 > 0 THEN 'text ' || i % 3 END,
       timestamptz '2026-01-01' + interval '1 ms' * (i % 977)
     FROM generate_series(1, ${total}) i`,
  );
  await database.query('ANALYZE things');
});
afterAll(() => opened.close());

test.each(['forwards', 'backwards'])(
  'each row that stays is read once, %s, while others come and go',
  async direction => {
    const orderBy = [
      { by: path(['int']), direction: 'asc' },
      { by: path(['text']), direction: 'desc', nulls: 'first' },
    ] as const;
    const writer = startWriter(direction === 'forwards' ? 1 : 2);
    const sizes = total > 50_000 ? [2_500, 997, 4_001, 1_777] : [800, 997, 401, 1_777];
    let turn = 0;
    const query = many('Thing', fields('id'), { orderBy });
    const backward = direction === 'backwards';
    const bare = bareConnection(query.select, backward);
    const pages = await walk(engine, query, () => sizes[turn++ % sizes.length]!, backward, bare);
    const { deleted, writes } = await writer.stop();
    const seen = pages.flatMap(page => page.nodes.map(node => node.id as number));
    const times = new Map<number, number>();
    for (const id of seen) times.set(id, (times.get(id) ?? 0) + 1);
    expect([...times].filter(([, count]) => count > 1)).toEqual([]);
    const { rows } = await database.query('SELECT thing_id FROM things WHERE thing_id % 10 = 0');
    const missed = rows.filter(([id]) => !times.has(Number(id)));
    expect(missed).toEqual([]);
    expect(writes).toBeGreaterThan(8);
    expect(deleted).toBeGreaterThan(0);
  },
  300_000,
);

/** Inserts among all places and deletes from all places until it is stopped. Its own rows' ids do not end in 0. */
function startWriter(digit: number): { stop(): Promise<{ deleted: number; writes: number }> } {
  let running = true;
  let [deleted, writes] = [0, 0];
  const work = async () => {
    for (; running; writes += 2) {
      await database.query(
        `INSERT INTO things (thing_id, int, text)
         SELECT (${writes} * 20 + i) * 10 + ${digit}, nullif(i % 11, 0), CASE WHEN i % 5 > 0 THEN 'text ' || i % 3 END
         FROM generate_series(1, 40) i`,
      );
      const gone = await database.query(
        `DELETE FROM things WHERE thing_id IN (
           SELECT thing_id FROM things WHERE thing_id > (SELECT (random() * max(thing_id))::integer FROM things)
           ORDER BY thing_id LIMIT 20)`,
      );
      deleted += gone.rowCount;
    }
  };
  const done = work();
  return {
    async stop() {
      running = false;
      await done;
      return { deleted, writes };
    },
  };
}

test('a cursor stays good when its row is changed or deleted', async () => {
  await database.query(
    `INSERT INTO "Person" (id, name) SELECT i, 'name ' || i % 7 FROM generate_series(1, 40) i`,
  );
  const query = many('Person', fields('id'), { orderBy: [{ by: path(['name']), direction: 'asc' }] });
  const [whole] = await walk(engine, query, () => 1_000);
  const ids = whole!.nodes.map(node => node.id);
  const behind = async (place: number) => {
    const page = await readPage(engine, { ...query, after: whole!.edges[place]!.cursor });
    return page.nodes.map(node => node.id);
  };
  await database.query(`DELETE FROM "Person" WHERE id = ${ids[30]}`);
  expect(await behind(30)).toEqual(ids.slice(31));
  await database.query(`UPDATE "Person" SET name = 'to the end' WHERE id = ${ids[20]}`);
  expect(await behind(20)).toEqual([...ids.slice(21, 30), ...ids.slice(31), ids[20]]);
});

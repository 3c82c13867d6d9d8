import { afterAll, beforeAll, expect, test } from 'vitest';
import { installChangeLog } from '../../src/changes/install.ts';
import { listChanges } from '../../src/changes/list-changes.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../harness.ts';
import { answer, createKitchen, fields, many, reader } from '../query/kitchen/kitchen.ts';

let opened: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
  await installChangeLog(opened.database, engine.catalog);
});
afterAll(() => opened.close());

const full = `(1, e'te"xt\\\\\\n', 'ab', 'short', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', -5, 3, 9007199254740993, 0.1, 1.5,
  12345678901234567890.123456789, 1.10, true, '2026-01-02T03:04:05.678Z', '2026-01-02 03:04:05.6', '2026-01-02', '08:30:00',
  '{"a": [1.10, 12345678901234567890]}', '{"b": null}', '\\x00ff', 'sad-in-db', '{a,"b,c",""}', '{1,2}', '{9007199254740993}',
  '{0.5,1e300}', '{1.10,2}', '{t,f}', '{2026-01-02T03:04:05.678Z}', '{HAPPY,"so so"}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', 'unseen')`;
const odd = `(2, '', 'abcd', '', null, null, null, null, 'NaN', '-Infinity', 'NaN', null, false, null, null, null, null,
  'null', null, '', null, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', null)`;

/** @returns the fields of a record that have values of their own */
const names = (entity: string): string[] =>
  [...engine.catalog.entities.get(entity)!.fields.values()]
    .filter(field => field.kind === 'column')
    .map(({ name }) => name);

const loggedFields = async (key: number) => {
  const list = { entity: 'Thing', key, newestFirst: true, take: 1 };
  const [change] = await listChanges(opened.database, engine.permitted(reader), list);
  return JSON.parse(JSON.stringify(change!.fields)) as { name: string; old: unknown; new: unknown }[];
};

test.each([
  [1, full],
  [2, odd],
])('every type of value is shown as it is in the record %i', async (id, row) => {
  await opened.database.query(`insert into things values ${row}`);
  const [record] = (await answer(engine, many('Thing', fields(...names('Thing'))))) as Record<
    string,
    unknown
  >[];
  const shown = Object.fromEntries((await loggedFields(id)).map(({ name, new: value }) => [name, value]));
  // A list that is missing is read as an empty one; here none is.
  expect(shown).toEqual(record);
  await opened.database.query('delete from things');
  const gone = Object.fromEntries((await loggedFields(id)).map(({ name, old }) => [name, old]));
  expect(gone).toEqual(record);
});

test('nothing is logged of a field that nobody sees', async () => {
  await opened.database.query(`insert into things (thing_id) values (3)`);
  await opened.database.query(`update things set hidden = 'x'`);
  const list = { entity: 'Thing', key: 3 };
  const changes = await listChanges(opened.database, engine.permitted(reader), list);
  expect(changes.map(({ kind }) => kind)).toEqual(['insert']);
  expect(JSON.stringify(changes)).not.toContain('hidden');
});

test('links within one model change both ends', async () => {
  await opened.database.query(`insert into "Person" (id, name) values (1, 'a'), (2, 'b')`);
  await opened.database.query('insert into "_Likes" ("A", "B") values (1, 2)');
  const of = async (key: number) =>
    (
      await listChanges(opened.database, engine.permitted(reader), {
        entity: 'Person',
        key,
        newestFirst: true,
        take: 1,
      })
    )[0]!.fields;
  const [first, second] = [await of(1), await of(2)];
  expect(first).toMatchObject([{ old: [], new: [2] }]);
  expect(second).toMatchObject([{ old: [], new: [1] }]);
  expect([first[0]!.name, second[0]!.name].sort()).toEqual(['likedBy', 'likes']);
});

// The texts of values are written out here, so that a run on either database proves that both write the same.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Parameter } from '../../src/base/database/database.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened?.close());

test.each([
  [`1::int`, '1'],
  [`(-32768)::smallint`, '-32768'],
  [`9223372036854775807::bigint`, '9223372036854775807'],
  [`0.1::real`, '0.1'],
  [`0.1::float8 + 0.2`, '0.30000000000000004'],
  [`1e300::float8`, '1e+300'],
  [`'NaN'::float8`, 'NaN'],
  [`'-Infinity'::float8`, '-Infinity'],
  [`'-0'::float8`, '-0'],
  [`1.50::numeric(12,2)`, '1.50'],
  [`99999999999999999999999999.123456789::numeric`, '99999999999999999999999999.123456789'],
  [`1e-7::numeric`, '0.0000001'],
  [`true`, 't'],
  [`'Grüße 🧭'`, 'Grüße 🧭'],
  [`''`, ''],
  [`'ab'::char(4)`, 'ab  '],
  [`null::text`, null],
  [`'\\x00ff'::bytea`, '\\x00ff'],
  [`date '2026-01-02'`, '2026-01-02'],
  [`date '0044-03-15 BC'`, '0044-03-15 BC'],
  [`time '08:00'`, '08:00:00'],
  [`timestamp '2026-01-02 03:04:05.678'`, '2026-01-02 03:04:05.678'],
  [`timestamptz '2026-07-02 03:04:05.600+02'`, '2026-07-02 01:04:05.6+00'],
  [`timestamptz 'infinity'`, 'infinity'],
  [`interval '1 year 2 days 03:04:05.6'`, 'P1Y2DT3H4M5.6S'],
  [`'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid`, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  [`'{"b": 1.0, "a": [null]}'::json`, '{"b": 1.0, "a": [null]}'],
  [`'{"b": 1.0, "a": [null]}'::jsonb`, '{"a": [null], "b": 1.0}'],
  [`array['a', 'b c', null, '"', '', 'NULL']`, '{a,"b c",NULL,"\\"","","NULL"}'],
  [`array[[1,2],[3,4]]`, '{{1,2},{3,4}}'],
  [`'PAID'::"OrderStatus"`, 'PAID'],
  [`json_build_array(timestamptz '2026-07-02 03:04:05+02')::text`, '["2026-07-02T01:04:05+00:00"]'],
])('%s is written %j', async (sql, text) => {
  const plain = await opened.database.query(`select ${sql}`);
  const named = await opened.database.query(`select ${sql}`, [], { name: `texts ${sql}`.slice(0, 60) });
  expect([plain, named]).toEqual(Array(2).fill({ rows: [[text]], rowCount: 1 }));
});

const parameters: [sqlType: string, value: Parameter, text: string | null][] = [
  ['int', 1, '1'],
  ['bigint', 2n ** 63n - 1n, '9223372036854775807'],
  ['numeric', '0.10', '0.10'],
  ['float8', Number.NaN, 'NaN'],
  ['boolean', true, 't'],
  ['text', 'O\'Hara "x" \\ \n', 'O\'Hara "x" \\ \n'],
  ['text', null, null],
  ['bytea', Buffer.from([0, 255]), '\\x00ff'],
  [
    'text[]',
    ['a', 'b"c', 'd\\e', '', 'NULL', null, 'f,g', '{}'],
    '{a,"b\\"c","d\\\\e","","NULL",NULL,"f,g","{}"}',
  ],
  ['text[]', [], '{}'],
  ['int[]', [1, -2], '{1,-2}'],
  ['int[]', [[1], [2]], '{{1},{2}}'],
  ['boolean[]', [true, false], '{t,f}'],
  ['bytea[]', [Buffer.from('a'), Buffer.alloc(0)], '{"\\\\x61","\\\\x"}'],
];

test.each(parameters)('a parameter of type %s takes %s', async (sqlType, value, text) => {
  const { rows } = await opened.database.query(`select $1::${sqlType}`, [value]);
  expect(rows).toEqual([[text]]);
});

test('counts the rows that were read or changed', async () => {
  const { database } = opened;
  await database.query('create table counted (id int)');
  expect(await database.query('insert into counted values (1), (2), (3)')).toEqual({ rows: [], rowCount: 3 });
  expect(await database.query('update counted set id = id + $1 where id > 1', [10])).toMatchObject({
    rowCount: 2,
  });
  expect(await database.query('delete from counted returning id')).toMatchObject({ rowCount: 3 });
  expect(await database.query('select 1 where false')).toEqual({ rows: [], rowCount: 0 });
});

test('of several statements in one text, the last one answers', async () => {
  expect(await opened.database.query('select 1; select 2, 3')).toEqual({ rows: [['2', '3']], rowCount: 1 });
});

test('long answers arrive whole', async () => {
  const { rows } = await opened.database.query(`select g, repeat('ü', 5000) from generate_series(1, 300) g`);
  expect(rows.map(([id, text]) => [id, text!.length])).toEqual(
    Array.from({ length: 300 }, (_, i) => [String(i + 1), 5000]),
  );
  const [[text]] = (await opened.database.query(`select repeat('x', 3000000)`)).rows as [[string]];
  expect(text.length).toBe(3_000_000);
});

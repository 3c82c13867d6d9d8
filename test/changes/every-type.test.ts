// A trigger that fails stops every program that writes to its table, so it must take whatever PostgreSQL can store, whatever
// the Prisma schema says of it, and whatever became of the table since.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { createCatalog } from '../../src/catalog/create-catalog.ts';
import type { Datamodel, DatamodelField } from '../../src/catalog/datamodel.ts';
import type { EntityDeclaration } from '../../src/catalog/declare.ts';
import { installChangeLog } from '../../src/changes/install.ts';
import { openTestDatabase, type TestDatabase } from '../harness.ts';
import { logged } from './logged.ts';

/** A value of each type, and another one. */
const values: Record<string, [string, string]> = {
  smallint: ['1', '2'],
  integer: ['1', '2'],
  bigint: ['9223372036854775807', '1'],
  numeric: ['1.10', '1.1'],
  real: ['0.5', '-0'],
  'double precision': ['NaN', '0'],
  money: ['1.50', '-2'],
  boolean: ['t', 'f'],
  text: ['a "quoted" \\ text', ''],
  'character varying(9)': ['a', 'b'],
  'character(4)': ['ab', 'abcd'],
  '"char"': ['a', 'b'],
  name: ['a', 'b'],
  bytea: ['\\x00ff', '\\x'],
  bit: ['1', '0'],
  'bit(4)': ['1010', '0101'],
  varbit: ['101', ''],
  date: ['2026-01-02', 'infinity'],
  time: ['08:30', '00:00'],
  timetz: ['08:30+02', '00:00+00'],
  timestamp: ['2026-01-02 03:04:05', '-infinity'],
  timestamptz: ['2026-01-02 03:04:05+00', 'infinity'],
  interval: ['1 year 2 days 03:04:05', '0'],
  uuid: ['3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10', '00000000-0000-0000-0000-000000000000'],
  json: ['{"a": 1}', 'null'],
  jsonb: ['{"a": [1.10]}', '"x"'],
  jsonpath: ['$."a"', '$'],
  xml: ['<a/>', '<b>x</b>'],
  inet: ['10.0.0.1', '10.0.0.0/8'],
  cidr: ['10.0.0.0/8', '192.0.2.0/24'],
  macaddr: ['08:00:2b:01:02:03', '08:00:2b:01:02:04'],
  macaddr8: ['08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03:04:06'],
  point: ['(1,2)', '(0,0)'],
  line: ['{1,2,3}', '{1,0,0}'],
  lseg: ['[(1,2),(3,4)]', '[(0,0),(1,1)]'],
  box: ['(3,4),(1,2)', '(1,1),(0,0)'],
  path: ['((1,2),(3,4))', '[(0,0)]'],
  polygon: ['((0,0),(1,1),(1,0))', '((0,0))'],
  circle: ['<(1,2),3>', '<(0,0),1>'],
  tsvector: ["'a':1 'b':2", "'a'"],
  tsquery: ["'a' & 'b'", "'a'"],
  int4range: ['[1,5)', 'empty'],
  int8range: ['[1,5)', '(,)'],
  numrange: ['[1.5,2]', 'empty'],
  tsrange: ['["2026-01-01","2026-01-02")', 'empty'],
  tstzrange: ['["2026-01-01 00:00+00",)', 'empty'],
  daterange: ['[2026-01-01,2026-01-02)', 'empty'],
  int4multirange: ['{[1,2),[5,9)}', '{}'],
  nummultirange: ['{[1.5,2]}', '{}'],
  datemultirange: ['{[2026-01-01,2026-01-02)}', '{}'],
  oid: ['4294967295', '1'],
  xid: ['1', '2'],
  xid8: ['1', '2'],
  cid: ['1', '2'],
  tid: ['(1,2)', '(0,1)'],
  pg_lsn: ['16/B374D848', '0/0'],
  pg_snapshot: ['10:20:10,14', '1:1:'],
  regclass: ['pg_class', 'pg_type'],
  regtype: ['integer', 'text'],
  regproc: ['now', 'version'],
  'integer[]': ['{1,2}', '{{1,2},{3,4}}'],
  'text[]': ['{a,"b,c",NULL,""}', '[2:3]={a,b}'],
  'point[]': ['{"(1,2)"}', '{}'],
  'json[]': ['{"{\\"a\\": 1}"}', '{}'],
  'inet[]': ['{10.0.0.1}', '{}'],
  every_mood: ['glad', 'so "so"'],
  'every_mood[]': ['{glad}', '{"so \\"so\\""}'],
  every_name: ['a', 'b'],
  every_names: ['{a,b}', '{}'],
  every_place: ['("a",1,"{""b"": 1}")', '(,,)'],
  'every_place[]': ['{"(a,1,)"}', '{}'],
  every_range: ['[a,b)', 'empty'],
};
const types = Object.keys(values);

/** As the Prisma schema may call a column, wrongly or not. */
const declared: Partial<DatamodelField>[] = [
  { type: 'String' },
  { type: 'Int' },
  { type: 'Decimal' },
  { type: 'Decimal', nativeType: ['Money', []] },
  { type: 'Boolean' },
  { type: 'DateTime' },
  { type: 'Json' },
  { type: 'Bytes' },
  { type: 'String', nativeType: ['Char', ['4']] },
  { type: 'String', nativeType: ['Inet', []] },
  { type: 'String', isList: true },
  { type: 'Int', isList: true },
  { type: 'Decimal', isList: true, nativeType: ['Money', []] },
  { type: 'Mood', kind: 'enum' },
  { type: 'Mood', kind: 'enum', isList: true },
];

const field = (name: string, more: Partial<DatamodelField>): DatamodelField => ({
  name,
  kind: 'scalar',
  type: 'String',
  isList: false,
  isRequired: false,
  isUnique: false,
  isId: false,
  hasDefaultValue: false,
  ...more,
});

/** @returns a catalog of one entity with the key "id", and a column for each type under the name that it has here */
function catalogOf(fields: readonly DatamodelField[], rowFilter?: EntityDeclaration['rowFilter']): Catalog {
  const model = {
    name: 'Every',
    dbName: null,
    primaryKey: null,
    uniqueFields: [],
    fields: [field('id', { type: 'Int', isId: true, isRequired: true }), ...fields],
  };
  const mood = { name: 'Mood', dbName: 'every_mood', values: [{ name: 'glad', dbName: null }] };
  const datamodel: Datamodel = { models: [model], enums: [mood], indexes: [] };
  const declaration = { model: 'Every', set: 'everything', rowFilter } as unknown as EntityDeclaration;
  return createCatalog(datamodel, [declaration]);
}

let opened: TestDatabase;
let present: string[];
beforeAll(async () => {
  opened = await openTestDatabase();
  await opened.database.query(`CREATE TYPE every_mood AS ENUM ('glad', 'so "so"');
CREATE DOMAIN every_name AS text CHECK (length(value) < 9); CREATE DOMAIN every_names AS text[];
CREATE TYPE every_place AS (title text, number int, more json);
CREATE TYPE every_range AS RANGE (subtype = text);`);
  present = [];
  for (const type of types) {
    const known = await opened.database
      .query(`SELECT ${quoted(values[type]![0])}::${type}`)
      .catch(() => undefined);
    if (known) present.push(type);
  }
});
afterAll(() => opened.close());

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const column = (index: number): string => `c${index}`;

/** Makes the table anew, with a column of each type, and its triggers by what is declared. */
async function make(
  fields: readonly DatamodelField[],
  rowFilter?: EntityDeclaration['rowFilter'],
): Promise<void> {
  const columns = present.map((type, index) => `${column(index)} ${type}`);
  await opened.database.query('DROP TABLE IF EXISTS "Every"; DELETE FROM portolan.change');
  await opened.database.query(`CREATE TABLE "Every" (id int PRIMARY KEY, ${columns.join(', ')})`);
  await installChangeLog(opened.database, catalogOf(fields, rowFilter));
}

const listed = (which: 0 | 1): string =>
  present.map(type => `${quoted(values[type]![which])}::${type}`).join(', ');

/** What any program does to a table. */
async function write(): Promise<void> {
  const { database } = opened;
  await database.query(`INSERT INTO "Every" VALUES (1, ${listed(0)}); INSERT INTO "Every" (id) VALUES (2)`);
  await database.query('UPDATE "Every" SET id = id');
  const sets = present.map((type, index) => `${column(index)} = ${quoted(values[type]![1])}::${type}`);
  await database.query(`UPDATE "Every" SET ${sets.join(', ')}`);
  await database.query(
    `UPDATE "Every" SET ${present.map((_, index) => `${column(index)} = NULL`).join(', ')} WHERE id = 2`,
  );
  await database.query('UPDATE "Every" SET id = 3 WHERE id = 2');
  await database.query('DELETE FROM "Every" WHERE id = 1');
  await database.query('TRUNCATE "Every"');
}

const kinds = ['insert', 'insert', 'update', 'update', 'update', 'delete', 'insert', 'delete', 'delete'];

describe('every type of PostgreSQL', () => {
  test.each(declared.map(one => [JSON.stringify(one), one] as const))('is logged as %s', async (_, one) => {
    await make(present.map((_type, index) => field(column(index), one)));
    await write();
    const lines = await logged(opened.database, 'Every');
    expect(lines.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
    const [first, second] = [lines[0]!.now!, lines[1]!.now!];
    expect(Object.keys(first)).toHaveLength(present.length + 1);
    for (const [index, type] of present.entries()) {
      expect(first[column(index)], type).not.toBeNull();
      expect(second[column(index)], type).toBeNull();
    }
    const changed = lines.find(({ kind, key }) => kind === 'update' && key === '1')!;
    expect(Object.keys(changed.now!).sort()).toEqual(present.map((_type, index) => column(index)).sort());
  });

  test('is there, but for what this PostgreSQL was built without', () => {
    expect(types.filter(type => !present.includes(type) && type !== 'xml')).toEqual([]);
  });
});

test('columns that the database computes are no hindrance', async () => {
  const { database } = opened;
  await database.query('DROP TABLE IF EXISTS "Every"; DELETE FROM portolan.change');
  await database.query(`CREATE TABLE "Every" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,
doubled text GENERATED ALWAYS AS (name || name) STORED, words tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED)`);
  await installChangeLog(database, catalogOf(['name', 'doubled', 'words'].map(name => field(name, {}))));
  await database.query(
    `INSERT INTO "Every" (name) VALUES ('a'); UPDATE "Every" SET name = 'b'; DELETE FROM "Every"`,
  );
  const lines = await logged(database, 'Every');
  expect(lines.map(({ kind, now }) => [kind, now?.doubled])).toEqual([
    ['insert', 'aa'],
    ['update', 'bb'],
    ['delete', undefined],
  ]);
});

describe('behind the back of the server', () => {
  const alterations = [
    'DROP COLUMN name',
    'RENAME COLUMN name TO title',
    'DROP COLUMN count, DROP COLUMN names, DROP COLUMN price',
    'ALTER COLUMN name TYPE xml USING NULL',
    'ALTER COLUMN name TYPE json USING to_json(name)',
    'ALTER COLUMN count TYPE point USING point(count, 1)',
    'ALTER COLUMN count TYPE text',
    'ALTER COLUMN names TYPE text USING names[1]',
    'ALTER COLUMN names TYPE integer USING 1',
    'ALTER COLUMN price TYPE text',
    'ALTER COLUMN at TYPE jsonb USING to_jsonb(at)',
    'ADD COLUMN who text, ADD COLUMN logged boolean, ADD COLUMN key int, ADD COLUMN shown point',
    'DROP CONSTRAINT "Every_pkey"',
    'DROP COLUMN id',
    'RENAME COLUMN id TO number',
    'ALTER COLUMN id TYPE text',
    'RENAME TO "Other"',
  ];
  test.each(alterations)('ALTER TABLE %s breaks no program', async alteration => {
    await opened.database.query(
      'DROP TABLE IF EXISTS "Every"; DROP TABLE IF EXISTS "Other"; DELETE FROM portolan.change',
    );
    await opened.database.query(
      `CREATE TABLE "Every" (id int PRIMARY KEY, name text, count int, names text[], price money, at timestamptz, who text)`.replace(
        alteration.includes('ADD') ? ', who text' : '',
        '',
      ),
    );
    const fields = [
      field('name', {}),
      field('count', { type: 'Int' }),
      field('names', { isList: true }),
      field('price', { type: 'Decimal', nativeType: ['Money', []] }),
      field('at', { type: 'DateTime', nativeType: ['Timestamptz', ['3']] }),
    ];
    await installChangeLog(opened.database, catalogOf(fields));
    const insert = `INSERT INTO "Every" VALUES (1, 'a "b"', 1, '{x,y}', 1.5, now()), (2, NULL, NULL, NULL, NULL, NULL)`;
    await opened.database.query(insert);
    await opened.database.query(`ALTER TABLE "Every" ${alteration}`);
    const table = alteration.startsWith('RENAME TO') ? '"Other"' : '"Every"';
    const first = alteration === 'DROP COLUMN id' ? 'at' : '1';
    // In one session whose plan is older, and in others.
    for (let n = 0; n < 3; n++) {
      await opened.database.query(`UPDATE ${table} SET at = at`);
      await opened.database.query(`UPDATE ${table} SET at = NULL`);
    }
    await opened.database.query(`INSERT INTO ${table} SELECT * FROM ${table} WHERE false`);
    await opened.database.query(`DELETE FROM ${table} WHERE ${first} IS NOT NULL`);
    await opened.database.query(`TRUNCATE ${table}`);
    const lines = await logged(opened.database, 'Every');
    if (!/ id /.test(`${alteration} `)) expect(lines.filter(({ kind }) => kind === 'delete')).not.toEqual([]);
  });
});

test('a condition on rows whose column is gone breaks no program', async () => {
  const rowFilter = { needs: ['c0'], sql: (name: (of: string) => string) => `${name('c0')} > 0` };
  await make([field('c0', { type: 'Int' })], rowFilter as never);
  await opened.database.query('INSERT INTO "Every" (id, c0) VALUES (1, 1), (2, -1)');
  await opened.database.query('ALTER TABLE "Every" DROP COLUMN c0');
  await opened.database.query('UPDATE "Every" SET id = id + 10; DELETE FROM "Every"');
  expect((await logged(opened.database, 'Every')).length).toBeGreaterThan(2);
});

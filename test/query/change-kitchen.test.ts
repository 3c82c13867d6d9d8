// Every type of column, composite keys, relations of a model with itself, and rows that a filter hides.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitDefaults } from '../../src/base/config/config.ts';
import { createCatalog } from '../../src/catalog/create-catalog.ts';
import type { EntityDeclaration } from '../../src/catalog/declare.ts';
import type { ChangeLink } from '../../src/query/ask/entity-change.ts';
import type { Selection } from '../../src/query/ask/entity-query.ts';
import type { LiteralValue } from '../../src/query/ask/expression.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { change, data, fields, key, refusal, run, target } from './changes.ts';
import { createKitchen } from './kitchen/kitchen.ts';

let opened: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
});
afterAll(() => opened.close());

const one = (...names: string[]) => ({ select: fields(...names), one: true }) as const;

/** As it is given, as it is answered, and what is refused with its code. */
const values: Record<string, { given: LiteralValue; shown?: unknown; refused?: [LiteralValue, string][] }> = {
  text: {
    given: 'Zoë \u{1F600} \\ "',
    refused: [
      ['a\0', 'INVALID_VALUE'],
      [5, 'INVALID_VALUE'],
    ],
  },
  code: { given: 'AB', shown: 'AB  ', refused: [['ABCDE', 'TOO_LONG']] },
  short: { given: '\u{1F600}'.repeat(4), refused: [['x'.repeat(1000), 'TOO_LONG']] },
  uuid: {
    given: '3F2A0D5C-7C1E-4B4E-9A55-0A6C1A7B1F10',
    shown: '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10',
    refused: [['3f', 'INVALID_VALUE']],
  },
  int: {
    given: -2147483648,
    refused: [
      [2147483648, 'OUT_OF_RANGE'],
      [1.5, 'INVALID_VALUE'],
    ],
  },
  small: { given: 32767, refused: [[32768, 'OUT_OF_RANGE']] },
  big: { given: '9223372036854775807', refused: [['9223372036854775808', 'OUT_OF_RANGE']] },
  double: {
    given: 5e-324,
    refused: [
      ['1e-400', 'OUT_OF_RANGE'],
      ['1e400', 'OUT_OF_RANGE'],
    ],
  },
  single: {
    given: 0.1,
    refused: [
      ['1e39', 'OUT_OF_RANGE'],
      ['1e-50', 'OUT_OF_RANGE'],
    ],
  },
  decimal: {
    given: '-12345678901234567890.123456789012345678901234567890',
    refused: [
      ['1e36', 'OUT_OF_RANGE'],
      ['1e-31', 'OUT_OF_RANGE'],
    ],
  },
  money: {
    given: '99999999999999999999.0000000001',
    refused: [
      ['1e20', 'OUT_OF_RANGE'],
      ['0.00000000001', 'OUT_OF_RANGE'],
    ],
  },
  flag: { given: false, refused: [['false', 'INVALID_VALUE']] },
  moment: {
    given: '2026-03-29T02:30:00.123+02:00',
    shown: '2026-03-29T00:30:00.123Z',
    refused: [['2026-02-30T00:00:00Z', 'INVALID_VALUE']],
  },
  local: { given: '2026-01-02T03:04:05.6Z', shown: '2026-01-02T03:04:05.600Z' },
  day: { given: '2024-02-29', refused: [['2023-02-29', 'INVALID_VALUE']] },
  clock: { given: '23:59:59', refused: [['24:00:01', 'INVALID_VALUE']] },
  json: {
    given: { json: { a: [1, null, 'x"\\'], b: {} } },
    shown: { a: [1, null, 'x"\\'], b: {} },
    refused: [[{ json: '\ud800' }, 'INVALID_VALUE']],
  },
  jsonText: { given: { json: [1, 2] }, shown: [1, 2] },
  bytes: { given: '3q2+7w==', refused: [['ä', 'INVALID_VALUE']] },
  texts: {
    given: ['a,b', '', 'NULL', '{"x"}', '\\'],
    refused: [
      [['a', null], 'REQUIRED'],
      [null, 'REQUIRED'],
    ],
  },
  ints: { given: [1, -2], refused: [[[1, 2147483648], 'OUT_OF_RANGE']] },
  bigs: { given: ['9223372036854775807'] },
  doubles: { given: [0.5, 1e300] },
  decimals: { given: ['1.5', '2.25'], shown: [`1.5${'0'.repeat(29)}`, `2.25${'0'.repeat(28)}`] },
  flags: { given: [true, false] },
  moments: { given: ['2026-01-02T03:04:05Z'], shown: ['2026-01-02T03:04:05.000Z'] },
  uuids: { given: ['3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'] },
};

describe('a value', () => {
  let next = 0;
  const insert = (name: string, value: LiteralValue) =>
    ({
      change: { kind: 'insert', entity: 'Thing', rows: [data({ ...required, id: ++next, [name]: value })] },
      ...one(name),
    }) as const;
  const update = (name: string, value: LiteralValue) =>
    ({
      change: { kind: 'update', entity: 'Thing', target: target({ id: 1 }), data: data({ [name]: value }) },
      ...one(name),
    }) as const;
  const required: Record<string, LiteralValue> = {};

  test.each(Object.entries(values))(
    'of type %s is stored as it is, by every kind of change',
    async (name, { given, shown = given }) => {
      for (const request of [insert(name, given), update(name, given)]) {
        const answer = (await change(engine, request)) as Record<string, unknown>;
        expect(answer[name]).toEqual(shown);
      }
    },
  );

  const bad = Object.entries(values).flatMap(([name, { refused = [] }]) =>
    refused.map(([value, code]) => [name, value, code] as const),
  );
  test.each(bad)('%s refuses %j as %s', async (name, value, code) => {
    for (const request of [insert(name, value), update(name, value)])
      expect(await refusal(engine, request)).toMatchObject({ faults: [`data.${name} ${code}`] });
  });

  test('that is hidden cannot be written', async () => {
    expect(await refusal(engine, { change: insert('hidden', 'x').change })).toMatchObject({
      faults: ['data.hidden UNKNOWN_FIELD'],
    });
  });
});

const link = (relation: string, more: Omit<ChangeLink, 'relation' | 'path'>): ChangeLink => ({
  relation,
  path: `data.${relation}`,
  ...more,
});
const person = (id: number, ...links: ChangeLink[]) => data({ id, name: `P${id}` }, links, `person${id}`);
const related = (relation: string, list: boolean): Selection => ({
  kind: 'relation',
  relation,
  as: relation,
  query: {
    entity: 'Person',
    select: fields('id'),
    cardinality: list ? 'many' : 'one',
    ...(list && { orderBy: [{ by: { kind: 'path', segments: ['id'] }, direction: 'asc' }] }),
  },
});

describe('relations of a model with itself', () => {
  const select = [
    ...fields('id'),
    related('boss', false),
    related('staff', true),
    related('twin', false),
    related('twinOf', false),
    related('likes', true),
    related('likedBy', true),
  ];
  const update = (id: number, ...links: ChangeLink[]) =>
    change(engine, {
      change: { kind: 'update', entity: 'Person', target: target({ id }), data: data({}, links) },
      select,
      one: true,
    });

  test('are made in both directions', async () => {
    const row = person(
      1,
      link('boss', { create: [person(2)] }),
      link('staff', { create: [person(3), person(4)] }),
      link('twinOf', { create: [person(5)] }),
      link('likes', { create: [person(6)], connect: [] }),
      link('likedBy', { create: [person(7)] }),
    );
    expect(
      await change(engine, { change: { kind: 'insert', entity: 'Person', rows: [row] }, select, one: true }),
    ).toEqual({
      id: 1,
      boss: { id: 2 },
      staff: [{ id: 3 }, { id: 4 }],
      twin: null,
      twinOf: { id: 5 },
      likes: [{ id: 6 }],
      likedBy: [{ id: 7 }],
    });
  });

  test('are connected, cut and set', async () => {
    expect(await update(1, link('twinOf', { connect: [key({ id: 6 })] }))).toMatchObject({
      twinOf: { id: 6 },
    });
    expect(await update(5)).toMatchObject({ twin: null });
    expect(
      await update(1, link('twinOf', { disconnect: true }), link('boss', { disconnect: true })),
    ).toMatchObject({
      twinOf: null,
      boss: null,
    });
    expect(
      await update(1, link('staff', { connect: [key({ id: 2 })], disconnect: [key({ id: 3 })] })),
    ).toMatchObject({
      staff: [{ id: 2 }, { id: 4 }],
    });
    const likes = link('likes', { set: [1, 2, 7].map(id => key({ id })) });
    expect(await update(1, likes)).toMatchObject({
      likes: [{ id: 1 }, { id: 2 }, { id: 7 }],
      likedBy: [{ id: 1 }, { id: 7 }],
    });
    expect(await update(1, link('likedBy', { disconnect: [key({ id: 1 })] }))).toMatchObject({
      likes: [{ id: 2 }, { id: 7 }],
      likedBy: [{ id: 7 }],
    });
  });

  test('of many rows take as many statements as of one', async () => {
    const statements = async (count: number, first: number) => {
      const rows = Array.from({ length: count }, (_, n) =>
        person(
          first + n,
          link('boss', { create: [person(first + 1000 + n)] }),
          link('likes', { connect: [key({ id: 1 })], create: [person(first + 2000 + n)] }),
          link('staff', { create: [person(first + 3000 + n)] }),
        ),
      );
      const { transaction } = opened.database;
      let seen = 0;
      opened.database.transaction = (work, options) =>
        transaction.call(
          opened.database,
          session => {
            const query: typeof session.query = (...args) => {
              seen++;
              return session.query(...args);
            };
            return work({ query });
          },
          options,
        ) as never;
      try {
        await run(engine, { change: { kind: 'insert', entity: 'Person', rows }, select: fields('id') });
      } finally {
        opened.database.transaction = transaction;
      }
      return seen;
    };
    expect(await statements(50, 10_000)).toBe(await statements(1, 20_000));
  });
});

describe('composite keys', () => {
  test('name rows, and are led to', async () => {
    const room = data({ house: 'O\'Hara "x"', number: 7, title: 'a' });
    expect(
      await change(engine, {
        change: { kind: 'upsert', entity: 'Room', rows: [room] },
        ...one('house', 'title'),
      }),
    ).toEqual({
      house: `O'Hara "x"`,
      title: 'a',
    });
    const visit = data({ id: 1, personId: 1 }, [
      link('room', { connect: [key({ number: 7, house: `O'Hara "x"` })] }),
    ]);
    const select = [...fields('id', 'roomHouse', 'roomNumber')];
    expect(
      await change(engine, { change: { kind: 'insert', entity: 'Visit', rows: [visit] }, select, one: true }),
    ).toEqual({
      id: 1,
      roomHouse: `O'Hara "x"`,
      roomNumber: 7,
    });
    const gone = {
      kind: 'delete',
      entity: 'Room',
      target: target({ house: `O'Hara "x"`, number: 7 }),
    } as const;
    expect(await change(engine, { change: gone, ...one('number') })).toEqual({ number: 7 });
    const read = { kind: 'update', entity: 'Visit', target: target({ id: 1 }), data: data({}) } as const;
    expect(await change(engine, { change: read, select, one: true })).toMatchObject({ roomHouse: null });
  });

  test('take both their parts', async () => {
    const half = { kind: 'delete', entity: 'Room', target: target({ house: 'x' }) } as const;
    expect(await refusal(engine, { change: half })).toMatchObject({ code: 'INVALID_OPERATION' });
  });

  test('are not changed', async () => {
    const moved = {
      kind: 'update',
      entity: 'Room',
      target: target({ house: 'x', number: 1 }),
      data: data({ number: 2 }),
    } as const;
    expect(await refusal(engine, { change: moved })).toMatchObject({ faults: ['data.number READ_ONLY'] });
  });
});

describe('rows that the filter hides', () => {
  let filtered: Engine;
  beforeAll(async () => {
    const datamodel = JSON.parse(
      readFileSync(new URL('kitchen/datamodel.json', import.meta.url), 'utf8'),
    ) as Parameters<typeof createCatalog>[0];
    const rowFilter = {
      needs: ['name'],
      sql: (column: (name: string) => string) => `${column('name')} NOT LIKE 'hidden%'`,
    };
    const declarations = [
      { model: 'Person', set: 'people', rowFilter },
      { model: 'Visit', set: 'visits' },
    ] as unknown as EntityDeclaration[];
    filtered = createEngine({
      catalog: createCatalog(datamodel, declarations),
      database: opened.database,
      limits: limitDefaults,
    });
    await opened.database.query(`INSERT INTO "Person" ("id", "name") VALUES (500, 'hidden'), (501, 'seen')`);
  });

  const named = (name: string) => data({ name });
  test('are neither changed nor deleted, nor connected', async () => {
    const by = target({ id: 500 });
    const update = { kind: 'update', entity: 'Person', target: by, data: named('x') } as const;
    expect(await refusal(filtered, { change: update, ...one('id') })).toMatchObject({ code: 'NOT_FOUND' });
    const remove = { kind: 'delete', entity: 'Person', target: by } as const;
    expect(await refusal(filtered, { change: remove, ...one('id') })).toMatchObject({ code: 'NOT_FOUND' });
    const visit = data({ id: 9 }, [link('person', { connect: [key({ id: 500 }, 'data.person')] })]);
    expect(
      await refusal(filtered, { change: { kind: 'insert', entity: 'Visit', rows: [visit] } }),
    ).toMatchObject({
      faults: ['data.person.id NO_SUCH_REFERENCE'],
    });
    const upsert = { kind: 'upsert', entity: 'Person', rows: [data({ id: 500, name: 'x' })] } as const;
    expect(await refusal(filtered, { change: upsert })).toMatchObject({ code: 'CONFLICT' });
    const all = { kind: 'update', entity: 'Person', target: { kind: 'where' }, data: named('all') } as const;
    await run(filtered, { change: all });
    const { rows } = await opened.database.query(`SELECT "name" FROM "Person" WHERE "id" = 500`);
    expect(rows).toEqual([['hidden']]);
  });

  test('are not made', async () => {
    const insert = { kind: 'insert', entity: 'Person', rows: [data({ id: 502, name: 'hidden 2' })] } as const;
    expect(await refusal(filtered, { change: insert, ...one('id') })).toMatchObject({
      faults: ['data RULE_BROKEN'],
    });
    const update = {
      kind: 'update',
      entity: 'Person',
      target: target({ id: 501 }),
      data: named('hidden 3'),
    } as const;
    expect(await refusal(filtered, { change: update, ...one('id') })).toMatchObject({
      faults: ['data RULE_BROKEN'],
    });
    const all = {
      kind: 'update',
      entity: 'Person',
      target: { kind: 'where' },
      data: named('hidden 4'),
    } as const;
    expect(await refusal(filtered, { change: all })).toMatchObject({ faults: ['data RULE_BROKEN'] });
    const { rows } = await opened.database.query(
      `SELECT count(*) FROM "Person" WHERE "name" LIKE 'hidden_%'`,
    );
    expect(rows).toEqual([['0']]);
  });
});

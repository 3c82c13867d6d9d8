import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { and, compare, type Expr, literal, not, path } from '../../src/query/ask/expression.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { answer, createKitchen, fields, many, reader, related } from './kitchen/kitchen.ts';

let opened: TestDatabase;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
  for (const statement of [
    `INSERT INTO "Person" VALUES (1, 'Ann', NULL, NULL), (2, 'Bob', 1, 1), (3, 'Cid', 1, NULL), (4, 'Dee', 2, 3)`,
    // The first person of each pair is liked by the second: see joinTable in catalog/link.ts.
    `INSERT INTO "_Likes" ("A", "B") VALUES (1, 2), (1, 3), (4, 1)`,
    `INSERT INTO "Room" VALUES ('north', 1, 'N1'), ('north', 2, NULL), ('south', 1, 'S1')`,
    `INSERT INTO "Visit" VALUES (1, 1, 'north', 1), (2, 1, 'south', 1), (3, 2, NULL, NULL), (4, 2, 'north', 1)`,
  ]) {
    await opened.database.query(statement);
  }
});

afterAll(() => opened.close());

const people = (where?: Expr) => answer(engine, many('Person', fields('id'), { where }));
const ids = async (where: Expr) => ((await people(where)) as { id: number }[]).map(person => person.id);
const one = (entity: string, ...names: string[]) => ({
  entity,
  select: fields(...names),
  cardinality: 'one' as const,
});

describe('relations of a model with itself', () => {
  test('one to many, both ways', async () => {
    const select = [
      ...fields('id'),
      related('boss', one('Person', 'name')),
      related('staff', many('Person', fields('id'))),
    ];
    expect(await answer(engine, many('Person', select))).toEqual([
      { id: 1, boss: null, staff: [{ id: 2 }, { id: 3 }] },
      { id: 2, boss: { name: 'Ann' }, staff: [{ id: 4 }] },
      { id: 3, boss: { name: 'Ann' }, staff: [] },
      { id: 4, boss: { name: 'Bob' }, staff: [] },
    ]);
  });

  test('one to one, both ways', async () => {
    const select = [
      ...fields('id'),
      related('twin', one('Person', 'id')),
      related('twinOf', one('Person', 'id')),
    ];
    expect(await answer(engine, many('Person', select))).toEqual([
      { id: 1, twin: null, twinOf: { id: 2 } },
      { id: 2, twin: { id: 1 }, twinOf: null },
      { id: 3, twin: null, twinOf: { id: 4 } },
      { id: 4, twin: { id: 3 }, twinOf: null },
    ]);
  });

  test('many to many, both ways', async () => {
    const select = [
      ...fields('id'),
      related('likes', many('Person', fields('id'))),
      related('likedBy', many('Person', fields('id'))),
    ];
    expect(await answer(engine, many('Person', select))).toEqual([
      { id: 1, likes: [{ id: 4 }], likedBy: [{ id: 2 }, { id: 3 }] },
      { id: 2, likes: [{ id: 1 }], likedBy: [] },
      { id: 3, likes: [{ id: 1 }], likedBy: [] },
      { id: 4, likes: [], likedBy: [{ id: 1 }] },
    ]);
  });

  test('a path of them', async () => {
    expect(await ids(compare('eq', path(['boss', 'boss', 'name']), literal('Ann')))).toEqual([4]);
    expect(await ids({ kind: 'isNull', item: path(['boss', 'boss']) })).toEqual([1, 2, 3]);
    expect(await ids({ kind: 'isNull', item: path(['twinOf']) })).toEqual([2, 4]);
  });
});

describe('composite keys', () => {
  test('join by all their columns', async () => {
    const select = [...fields('house', 'number'), related('visits', many('Visit', fields('id')))];
    expect(await answer(engine, many('Room', select))).toEqual([
      { house: 'north', number: 1, visits: [{ id: 1 }, { id: 4 }] },
      { house: 'north', number: 2, visits: [] },
      { house: 'south', number: 1, visits: [{ id: 2 }] },
    ]);
    const rooms = many('Visit', [...fields('id'), related('room', one('Room', 'title'))]);
    expect(await answer(engine, rooms)).toEqual([
      { id: 1, room: { title: 'N1' } },
      { id: 2, room: { title: 'S1' } },
      { id: 3, room: null },
      { id: 4, room: { title: 'N1' } },
    ]);
  });
});

describe('quantifiers over relations', () => {
  const visits = (where: Expr, kind: 'any' | 'all' = 'any'): Expr => ({
    kind,
    over: path(['visits']),
    variable: 'v',
    where,
  });
  const inHouse = (house: string) => compare('eq', path(['room', 'house'], 'v'), literal(house));

  test('any, all, none, and empty relations', async () => {
    expect(await ids(visits(inHouse('north')))).toEqual([1, 2]);
    expect(await ids(visits(inHouse('south')))).toEqual([1]);
    expect(await ids(not(visits(inHouse('south'))))).toEqual([2, 3, 4]);
    expect(await ids(visits(inHouse('north'), 'all'))).toEqual([3, 4]);
    expect(await ids({ kind: 'any', over: path(['visits']), variable: 'v' })).toEqual([1, 2]);
  });

  test('conditions can refer to the outer row', async () => {
    const sameName = compare('lt', path(['id'], 'v'), path(['id']));
    expect(await ids(visits(sameName))).toEqual([]);
    expect(await ids(visits(compare('eq', path(['personId'], 'v'), path(['id']))))).toEqual([1, 2]);
  });

  test('start from a related record, and can be nested', async () => {
    const likedByVisitor: Expr = {
      kind: 'any',
      over: path(['boss', 'likedBy']),
      variable: 'p',
      where: { kind: 'any', over: path(['visits'], 'p'), variable: 'v', where: inHouse('north') },
    };
    expect(await ids(likedByVisitor)).toEqual([2, 3]);
  });

  test('rows are counted', async () => {
    const visitsOf: Expr = { kind: 'count', over: path(['visits']), variable: 'v', where: inHouse('north') };
    expect(await ids(compare('eq', visitsOf, literal(1)))).toEqual([1, 2]);
    const select = [
      ...fields('id'),
      {
        kind: 'count',
        relation: 'visits',
        as: 'n',
        where: not({ kind: 'isNull', item: path(['room']) }),
      } as const,
    ];
    expect(await answer(engine, many('Person', select))).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 1 },
      { id: 3, n: 0 },
      { id: 4, n: 0 },
    ]);
  });
});

describe('pages of related rows', () => {
  test('nested lists are filtered, sorted and paged independently', async () => {
    const staff = many('Person', fields('name'), {
      orderBy: [{ by: path(['name']), direction: 'desc' }],
      take: 1,
    });
    expect(
      await answer(engine, many('Person', [...fields('id'), related('staff', staff)], { take: 1 })),
    ).toEqual([{ id: 1, staff: [{ name: 'Cid' }] }]);
    const skipped = { ...staff, skip: 1, where: compare('ne', path(['name']), literal('x')) };
    expect(await answer(engine, many('Person', [related('staff', skipped)], { take: 1 }))).toEqual([
      { staff: [{ name: 'Bob' }] },
    ]);
  });

  test('the order survives the join of to-one records', async () => {
    const orderBy = [
      { by: path(['boss', 'name']), direction: 'desc' },
      { by: path(['name']), direction: 'asc' },
    ] as const;
    const query = many('Person', [...fields('name'), related('boss', one('Person', 'name'))], {
      orderBy,
      take: 3,
      count: 'exact',
    });
    const { text, count } = await engine.run(engine.prepare(query, reader, 'numbers'));
    expect(JSON.parse(text)).toEqual([
      { name: 'Dee', boss: { name: 'Bob' } },
      { name: 'Bob', boss: { name: 'Ann' } },
      { name: 'Cid', boss: { name: 'Ann' } },
    ]);
    expect(count).toBe(4);
  });

  test('a count without rows, and rows beyond the last', async () => {
    const run = (more: object) =>
      engine.run(
        engine.prepare(many('Person', fields('id'), { count: 'exact', ...more }), reader, 'numbers'),
      );
    expect(await run({ take: 0 })).toMatchObject({ text: '[]', count: 4, rows: 0 });
    expect(await run({ skip: 10 })).toMatchObject({ text: '[]', count: 4, rows: 0 });
    expect(await run({ where: and([compare('gt', path(['id']), literal(100))]) })).toMatchObject({
      text: '[]',
      count: 0,
    });
  });
});

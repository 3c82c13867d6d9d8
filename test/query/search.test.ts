import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { entity } from '../../schema/entity.ts';
import { readConfig } from '../../src/base/config/config.ts';
import type { Database } from '../../src/base/database/database.ts';
import { createCatalog } from '../../src/catalog/create-catalog.ts';
import { catalogOf } from '../../src/project.ts';
import type { EntityQuery } from '../../src/query/ask/entity-query.ts';
import { literal, path } from '../../src/query/ask/expression.ts';
import type { SearchExpr } from '../../src/query/ask/search-expression.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import type { Engine } from '../../src/query/engine.ts';
import { installSearchIndexes } from '../../src/query/install-search.ts';
import { rankedMax } from '../../src/query/plan/page.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { fields, many, reader } from './kitchen/kitchen.ts';

const names = [
  'Red Wine GmbH',
  'Wine, red and white',
  'Äpfel & Birnen',
  'Apfelhof',
  'PRD-1001/2 spare parts',
  "O'Neil's <b>Bold</b> Café",
  'red red red',
  '!!!',
];

const { limits } = readConfig({});
const catalog = catalogOf(project);
let opened: TestDatabase;
let database: Database;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
  engine = createEngine({ catalog, database, limits });
  await installSearchIndexes(database, catalog);
  await database.query(
    `INSERT INTO "Supplier" (code, name, country) SELECT 'c' || n, name, 'XX' FROM unnest($1::text[]) WITH ORDINALITY AS t(name, n)`,
    [names],
  );
  await database.query(
    `INSERT INTO "Customer" (number, email, name, city, country) VALUES ('1', '1@x', 'Lyon Paper', 'Berlin', 'DE'), ('2', '2@x', 'Paper of Berlin', 'Lyon', 'FR'), ('3', '3@x', 'Ink', 'Lyon', 'FR')`,
  );
});

afterAll(() => opened.close());

const term = (text: string, prefix?: true): SearchExpr => ({ kind: 'term', text, prefix });
const suppliers = (search: SearchExpr, more: Partial<EntityQuery> = {}): EntityQuery =>
  many('Supplier', fields('name'), { search, ...more });

async function run(query: EntityQuery): Promise<{ name: string }[]> {
  return JSON.parse((await engine.run(engine.prepare(query, reader, 'strings'))).text);
}

const found = async (search: SearchExpr): Promise<string[]> =>
  (await run(suppliers(search))).map(row => row.name).sort();

const faultOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a search finds', () => {
  test.each<[string, SearchExpr, number[]]>([
    ['words whatever their case', term('WINE'), [0, 1]],
    ['letters beyond ASCII whatever their case', term('äPFEL'), [2]],
    ['letters with and without accents apart', term('apfel'), []],
    ['whole words only', term('apfe'), []],
    ['how a word may go on', term('apfe', true), [3]],
    ['a phrase in its order', term('red wine'), [0]],
    ['words in any order', { kind: 'and', items: [term('red'), term('wine')] }, [0, 1]],
    ['one or the other', { kind: 'or', items: [term('birnen'), term('apfelhof')] }, [2, 3]],
    ['what does not have a word', { kind: 'not', item: term('red') }, [2, 3, 4, 5, 7]],
    [
      'a word without another',
      { kind: 'and', items: [term('wine'), { kind: 'not', item: term('gmbh') }] },
      [1],
    ],
    ['numbers behind a hyphen', term('1001'), [4]],
    ['an article number as it is written', term('prd-1001/2'), [4]],
    ['what stands in tags', term('bold'), [5]],
    ['apostrophes', term("o'neil's"), [5]],
  ])('%s', async (_promise, search, expected) => {
    expect(await found(search)).toEqual(expected.map(index => names[index]!).sort());
  });
});

describe('special characters in a search have no meaning', () => {
  test.each([
    'wine | red',
    'wine & apfelhof',
    '!wine',
    'wine:*',
    'wine:A',
    "wine' | 'red",
    "wine\\' | 'red",
    'wine <-> red',
    '(',
    "'",
    '\\',
  ])('%s', async text => {
    const phrase = text.replaceAll(/[^a-zA-Z]+/g, ' ').trim();
    expect(await found(term(text))).toEqual(phrase ? await found(term(phrase)) : []);
  });

  test.each(['wine\0', 'wine\ud800'])('text that cannot be stored matches nothing: %j', async text => {
    expect(await found(term(text))).toEqual([]);
    expect(await found({ kind: 'not', item: term(text) })).toHaveLength(names.length);
    expect(await found({ kind: 'or', items: [term(text), term('birnen')] })).toEqual([names[2]]);
    expect(await found({ kind: 'and', items: [term(text), term('birnen')] })).toEqual([]);
  });

  test('terms without letters or digits are ignored', async () => {
    expect(await found(term('!!!'))).toEqual([]);
    expect(await found({ kind: 'and', items: [term('&'), term('birnen')] })).toEqual([names[2]]);
    expect(await found({ kind: 'not', item: term('!!!') })).toEqual([]);
    expect(await found({ kind: 'and', items: [] })).toEqual([]);
  });
});

describe('the order of search results', () => {
  test('is by rank, then by key', async () => {
    const rows = await run(suppliers(term('red')));
    expect(rows.map(row => row.name)).toEqual(['red red red', 'Red Wine GmbH', 'Wine, red and white']);
  });

  test('ranks matches in the first declared field highest', async () => {
    const customers = (text: string) => run(many('Customer', fields('name'), { search: term(text) }));
    expect(await customers('lyon')).toEqual([
      { name: 'Lyon Paper' },
      { name: 'Paper of Berlin' },
      { name: 'Ink' },
    ]);
    expect(await customers('berlin')).toEqual([{ name: 'Paper of Berlin' }, { name: 'Lyon Paper' }]);
  });

  test('is the requested order, if there is one', async () => {
    const orderBy = [{ by: path(['name']), direction: 'desc' } as const];
    const rows = await run(suppliers(term('red'), { orderBy }));
    expect(rows.map(row => row.name)).toEqual(['red red red', 'Wine, red and white', 'Red Wine GmbH']);
  });

  test('is stable from page to page', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = suppliers(term('red'), { take: 1, next: true, after });
      const { text, next } = await engine.run(engine.prepare(query, reader, 'strings'));
      seen.push(...JSON.parse(text).map((row: { name: string }) => row.name));
      after = next;
    } while (after);
    expect(seen).toEqual(['red red red', 'Red Wine GmbH', 'Wine, red and white']);
  });

  test('and the search terms are part of a cursor', async () => {
    const page = (search: SearchExpr, after?: string) =>
      engine.prepare(suppliers(search, { take: 1, next: true, after }), reader, 'strings');
    const { next } = await engine.run(page(term('red')));
    expect(faultOf(() => page(term('wine'), next))).toMatchObject({ code: 'INVALID_VALUE' });
  });
});

describe('a search is refused', () => {
  test('where an entity declares no search fields', () => {
    const query = many('OrderItem', fields('id'), { search: { ...term('x'), at: 7 } as SearchExpr });
    expect(faultOf(() => engine.prepare(query, reader, 'strings'))).toMatchObject({
      code: 'INVALID_OPERATION',
      at: 7,
    });
  });

  test('with a term that is too long, or too many terms', () => {
    const refused = (search: SearchExpr) =>
      faultOf(() => engine.prepare(suppliers(search), reader, 'strings'));
    expect(refused(term('x'.repeat(1001)))).toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const items = Array.from({ length: 5000 }, () => term('x'));
    expect(refused({ kind: 'and', items })).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('without the scope of a restricted field that it reads', () => {
    const declaration = entity('Customer', () => ({
      set: 'customers',
      search: ['name', 'email'],
      restricted: { email: 'customers.contact' },
    }));
    const restricting = createEngine({
      catalog: createCatalog(project.datamodel, [declaration]),
      database,
      limits,
    });
    const query = many('Customer', fields('id'), { search: term('x') });
    const prepare = (...scopes: string[]) =>
      faultOf(() => restricting.prepare(query, { ...reader, scopes: new Set(scopes) }, 'strings'));
    expect(prepare('read')).toMatchObject({ code: 'SCOPE_MISSING', target: 'customers.contact:read' });
    expect(prepare('read', 'customers.contact:read')).toHaveProperty('plan');
  });
});

describe('words that very many rows contain', () => {
  const many = rankedMax + 300;
  beforeAll(async () => {
    await database.query(
      `INSERT INTO "Supplier" (code, name, country)
       SELECT 'many' || n, CASE WHEN n % 1000 = 7 THEN 'usual usual usual' ELSE 'usual words ' || n END, 'XX'
       FROM generate_series(1, ${many}) n`,
    );
    await database.query('ANALYZE "Supplier"');
  });
  afterAll(() => database.query(`DELETE FROM "Supplier" WHERE code LIKE 'many%'`));

  const usual = (more: Partial<EntityQuery>): EntityQuery => ({
    ...suppliers(term('usual'), more),
    select: fields('id', 'code'),
  });

  test('are ranked for so many of them, the others come behind in the order of their keys', async () => {
    const rows = (await run(usual({ take: many }))) as unknown as { id: number; code: string }[];
    expect(new Set(rows.map(({ code }) => code)).size).toBe(many);
    const best = rows.slice(0, 5).map(({ code }) => code);
    expect(best).toEqual(['many7', 'many1007', 'many2007', 'many3007', 'many4007']);
    const behind = rows.slice(rankedMax).map(({ code }) => code);
    expect(behind).toEqual(Array.from({ length: 300 }, (_, index) => `many${rankedMax + index + 1}`));
  });

  test('are ranked among those that meet the condition besides', async () => {
    const where = { kind: 'call', name: 'endsWith', args: [path(['code']), literal('07')] } as const;
    const rows = (await run(usual({ where, take: 6 }))) as unknown as { code: string }[];
    const best = ['many1007', 'many2007', 'many3007', 'many4007', 'many5007'];
    expect(rows.map(({ code }) => code)).toEqual([...best, 'many107']);
  });

  test('give every row once, page by page', async () => {
    const codes: string[] = [];
    let after: string | undefined;
    do {
      const page = engine.prepare(usual({ take: 1_000, next: true, after }), reader, 'strings');
      const { text, next } = await engine.run(page);
      codes.push(...(JSON.parse(text) as { code: string }[]).map(({ code }) => code));
      after = next;
    } while (after);
    expect(codes).toHaveLength(many);
    expect(new Set(codes).size).toBe(many);
  });
});

describe('the index', () => {
  test('is used', async () => {
    await database.query(
      `INSERT INTO "Supplier" (code, name, country) SELECT 'm' || n, 'maker number' || n, 'XX' FROM generate_series(1, 5000) n`,
    );
    await database.query('ANALYZE "Supplier"');
    const { plan } = engine.prepare(suppliers(term('number77')), reader, 'strings');
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      const text = await database.transaction(async session => {
        await session.query(`SET LOCAL plan_cache_mode = ${mode}`);
        const { rows } = await session.query(`EXPLAIN ${plan.text}`, plan.values);
        return rows.flat().join('\n');
      });
      expect(text).toMatch(/Bitmap Index Scan on "?portolan_search_/);
    }
    await database.query(`DELETE FROM "Supplier" WHERE code LIKE 'm%'`);
  });

  test('is created once, and dropped when no entity declares it any more', async () => {
    expect(await installSearchIndexes(database, catalog)).toEqual([]);
    const fewer = createCatalog(project.datamodel, [
      entity('Customer', () => ({ set: 'customers', search: ['city'] })),
    ]);
    const [created, ...others] = await installSearchIndexes(database, fewer);
    expect(others).toEqual([]);
    const { rows } = await database.query(
      `SELECT indexname FROM pg_indexes WHERE starts_with(indexname, 'portolan_search_')`,
    );
    expect(rows).toEqual([[created]]);
    expect(await installSearchIndexes(database, catalog)).toHaveLength(7);
  });

  test('is rebuilt if a process ended while building it', async () => {
    const { rows } = await database.query(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = (SELECT indexrelid FROM pg_stat_user_indexes
         WHERE relname = 'Supplier' AND starts_with(indexrelname, 'portolan_search_')) RETURNING indexrelid::regclass::text`,
    );
    const [[name]] = rows as [[string]];
    expect(await installSearchIndexes(database, catalog)).toEqual([name.replaceAll('"', '')]);
    const valid = await database.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = $1::regclass`, [
      name,
    ]);
    expect(valid.rows).toEqual([['t']]);
    expect(await found(term('wine'))).toHaveLength(2);
  });

  test('is built once by several instances that start at once', async () => {
    await database.query(`DROP INDEX ${(await indexNames()).map(name => `"${name}"`).join(', ')}`);
    const created = await Promise.all([1, 2, 3].map(() => installSearchIndexes(database, catalog)));
    expect(created.flat().sort()).toEqual(await indexNames());
    expect(created.flat()).toHaveLength(7);
  });
});

async function indexNames(): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT indexname FROM pg_indexes WHERE starts_with(indexname, 'portolan_search_') ORDER BY indexname COLLATE "C"`,
  );
  return rows.map(([name]) => name!);
}

test('negated terms do not lower the rank of the other terms', async () => {
  const found = await run(
    suppliers({ kind: 'and', items: [term('red'), { kind: 'not', item: term('wine') }] }),
  );
  expect(found.map(row => row.name)).toEqual(['red red red']);
  const or = { kind: 'or', items: [term('red'), { kind: 'not', item: term('spare') }] } as const;
  expect((await run(suppliers(or)))[0]!.name).toBe('red red red');
});

test('a generic plan parses the search once, not for each row', async () => {
  const search = { kind: 'not', item: term('red') } as const;
  const { plan } = engine.prepare(
    suppliers({ kind: 'or', items: [search, term('wine')] }),
    reader,
    'strings',
  );
  const lines = await database.transaction(async session => {
    await session.query('SET LOCAL plan_cache_mode = force_generic_plan');
    const types = plan.values.map(() => 'text').join(', ');
    await session.query(`PREPARE searching(${types}) AS ${plan.text}`);
    const values = plan.values.map(() => "'!red'").join(', ');
    const { rows } = await session.query(`EXPLAIN (VERBOSE) EXECUTE searching(${values})`);
    await session.query('DEALLOCATE searching');
    return rows.map(([line]) => line!);
  });
  const perRow = lines.filter(line => /Filter:|Cond:|Sort Key:/.test(line));
  expect(perRow.length).toBeGreaterThan(0);
  expect(perRow.filter(line => line.includes('to_tsquery'))).toEqual([]);
});

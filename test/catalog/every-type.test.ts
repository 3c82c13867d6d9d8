// An adopter's own model through every door: ids that Prisma's client would make, and types that are served as others.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, type TestServer } from '../harness.ts';
import { importCsv } from '../imports/import-csv.ts';
import { makeEvery } from './every/every.ts';

let hasXml: boolean;
const server = serverForFile({ model: makeEvery });
beforeAll(async () => {
  hasXml = await server.database.query(`SELECT '<a/>'::xml`).then(
    () => true,
    () => false,
  );
});

type Row = Record<string, unknown>;

async function send(path: string, init: Parameters<TestServer['fetch']>[1] = {}) {
  const response = await server.fetch(path, { key: server.adminKey, ...init });
  const text = await response.text();
  const body = text && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
  if (response.status >= 500 || text.includes('INTERNAL'))
    throw new Error(`${path}: ${response.status} ${text}`);
  return { status: response.status, body };
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
type GraphqlAnswer = { data?: any; errors?: { message: string }[] };

const graphql = async (query: string, variables: object = {}): Promise<GraphqlAnswer> =>
  (await send('/graphql', { json: { query, variables } })).body;

const importRows = (entity: string, csv: string, mode = 'upsert') => importCsv(server, csv, { entity, mode });

const stored = async (code: string): Promise<Row> => {
  const { rows } = await server.database.query(`SELECT to_json(g) FROM "Gadget" g WHERE code = $1`, [code]);
  return JSON.parse(rows[0]![0]!);
};

const shapes: Record<string, RegExp> = {
  id: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  code: /^[\w-]{10}$/,
  plain: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  first: /^c[0-9a-z]{24}$/,
  second: /^[a-z][0-9a-z]{23}$/,
  serial: /^[0-9A-HJKMNP-TV-Z]{26}$/,
};
const names = Object.keys(shapes).join(' ');

const expectMade = (row: Row, except: string[] = []) => {
  for (const [name, shape] of Object.entries(shapes))
    if (!except.includes(name)) expect(String(row[name]), name).toMatch(shape);
};

const given = '01234567-89ab-7def-8123-456789abcdef';

describe('values that the Prisma client would generate', () => {
  test('are made by a GraphQL mutation, differ from row to row, and reach nested rows', async () => {
    const { data } = await graphql(
      `mutation { createGadgets(data: [{ name: "a", parts: { create: [{ name: "p" }] } }, { name: "b" }]) { ${names} parts { id gadgetId } } }`,
    );
    const rows = data.createGadgets as Row[];
    for (const row of rows) expectMade(row);
    for (const name of Object.keys(shapes)) expect(rows[0]![name]).not.toBe(rows[1]![name]);
    expect(rows[0]!.parts).toMatchObject([
      { id: expect.stringMatching(shapes.second!), gadgetId: rows[0]!.id },
    ]);
  });

  test('are made anew for each of several equal requests', async () => {
    const ids = new Set<unknown>();
    for (let n = 0; n < 6; n++) {
      ids.add((await graphql('mutation { createPart(data: { name: "same" }) { id } }')).data.createPart.id);
      ids.add((await send('/odata/parts', { json: { name: 'same' } })).body.id);
    }
    expect(ids.size).toBe(12);
  });

  test('are made by OData, and an id may be given', async () => {
    const made = await send('/odata/gadgets', { json: { name: 'odata' } });
    expect(made.status).toBe(201);
    expectMade(made.body);
    const own = await send('/odata/gadgets', { json: { id: given, code: 'given', name: 'odata' } });
    expect(own.body).toMatchObject({ id: given, code: 'given' });
    expectMade(own.body, ['id', 'code']);
    const put = await send(`/odata/gadgets(${given.replace('0123', '0124')})`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'put' }),
    });
    expect(put.status).toBe(201);
    expectMade(put.body);
  });

  test('are made anew where a record is replaced', async () => {
    await graphql('mutation { createGadget(data: { code: "replaced", name: "x" }) { id } }');
    const before = await stored('replaced');
    const replaced = await send(`/odata/gadgets(${before.id})`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'replaced', name: 'y' }),
    });
    expect(replaced.status).toBeLessThan(300);
    const after = await stored('replaced');
    expectMade(after, ['code']);
    expect(after).toMatchObject({ id: before.id, name: 'y' });
    expect(after.serial).not.toBe(before.serial);
  });

  test('are made by an import, for rows without a column and for empty cells', async () => {
    expect(await importRows('gadgets', 'code,name,plain\nc1,one,\nc2,two,mine\n')).toMatchObject({
      imported: 2,
    });
    expectMade(await stored('c1'), ['code']);
    expect(await stored('c2')).toMatchObject({ plain: 'mine' });
    expect(
      await importRows('gadgets', `id,name\n${given.replace('0123', '0125')},own\n`, 'insert'),
    ).toMatchObject({ imported: 1 });
    expect(await importRows('parts', 'id,name\nown,known\n,made\n')).toMatchObject({ imported: 2 });
    expect(await importRows('parts', 'id,name\nown,renamed\n')).toMatchObject({ imported: 1 });
    const { rows } = await server.database.query(
      `SELECT id, name FROM "Part" WHERE name IN ('renamed', 'known', 'made')`,
    );
    expect(rows).toHaveLength(2);
    expect(rows.find(([, name]) => name === 'renamed')![0]).toBe('own');
    expect(rows.find(([, name]) => name === 'made')![0]).toMatch(shapes.second!);
  });

  test.each([
    ['an import', () => importRows('gadgets', 'code,name\nkept,second\n')],
    ['a mutation', () => graphql('mutation { upsertGadget(data: { code: "kept", name: "second" }) { id } }')],
  ])('stay as they are where %s meets a row that exists', async (_, upsert) => {
    await server.database.query(`DELETE FROM "Gadget" WHERE code = 'kept'`);
    await importRows('gadgets', 'code,name\nkept,first\n');
    const before = await stored('kept');
    await upsert();
    expect(await stored('kept')).toEqual({ ...before, name: 'second' });
  });
});

/** As it is given, as it is shown, another value, and what is no value. */
const values: Record<
  string,
  { given: unknown; shown?: unknown; other: unknown; wrong?: unknown; type?: string }
> = {
  address: { given: '10.0.0.1', other: '10.0.0.0/8', wrong: '10.0.0.300' },
  addresses: { given: ['10.0.0.1', '::1/64'], other: [], wrong: ['x'] },
  fixedBits: { given: '1010', other: '0101', wrong: '10' },
  bits: { given: '101', other: '1', wrong: '2' },
  bitLists: { given: ['1', '10101'], other: ['0'], wrong: ['111111111'] },
  price: { given: '1234.50', other: '-0.01', wrong: '1e30' },
  prices: { given: ['1.50', '1000.00'], other: [], wrong: ['x'] },
  object: { given: '4294967295', other: '1', wrong: '4294967296' },
  shift: { given: '08:30:00+02', other: '00:00:00+00', wrong: 'x' },
  markup: { given: '<a>x</a>', other: '<b/>', wrong: '<a>' },
};
/** A time with a zone is written as a time. */
const skipped = new Set(['shift']);

describe.each(Object.entries(values))(
  'a column %s',
  (name, { given: value, shown = value, other, wrong }) => {
    const usable = () => name !== 'markup' || hasXml;
    const isList = Array.isArray(value);
    const code = `type-${name}`;
    const literal = (one: unknown) => JSON.stringify(one);
    const create = (one: unknown) =>
      graphql(
        `mutation { upsertGadget(data: { code: "${code}", name: "x", ${name}: ${literal(one)} }) { ${name} } }`,
      );

    test('is written and read by every API', async () => {
      if (!usable() || skipped.has(name)) return;
      expect(await create(value)).toEqual({ data: { upsertGadget: { [name]: shown } } });
      expect(await create(other)).toEqual({ data: { upsertGadget: { [name]: other } } });
      const url = `/odata/gadgets(code='${code}')`;
      const json = {
        'content-type': 'application/json;IEEE754Compatible=true',
        accept: 'application/json;IEEE754Compatible=true',
      };
      const patch = await send(url, {
        method: 'PATCH',
        headers: { ...json, prefer: 'return=representation' },
        body: JSON.stringify({ [name]: value }),
      });
      expect(patch.body).toMatchObject({ [name]: shown });
      expect((await send(url, { headers: json })).body).toMatchObject({ [name]: shown });
      const query = `gadgets(where: { code: { equals: "${code}" } }) { ${name} }`;
      const shortly = await send('/api/query', { json: { query } });
      expect(JSON.stringify(shortly.body)).toContain(JSON.stringify(name));
      const cell = isList ? JSON.stringify(other) : String(other);
      expect(
        await importRows('gadgets', `code,name,${name}\n${code},x,"${cell.replaceAll('"', '""')}"\n`),
      ).toMatchObject({ imported: 1 });
      const { data } = await graphql(`{ gadget(code: "${code}") { ${name} } }`);
      expect(data.gadget).toEqual({ [name]: other });
      await create(value);
    });

    test('refuses what is no value, and says so', async () => {
      const { errors } = await create(wrong);
      expect(errors?.[0]).toBeDefined();
      expect(
        await importRows(
          'gadgets',
          `code,name,${name}\n${code},x,"${isList ? JSON.stringify(wrong).replaceAll('"', '""') : wrong}"\n`,
        ),
      ).toMatchObject({ failed: 1 });
    });

    test('is found, sorted and grouped', async () => {
      if (!usable() || isList || skipped.has(name)) return;
      const text = literal(value);
      const { data, errors } = await graphql(`{
      eq: gadgets(where: { ${name}: { equals: ${text} } }) { code }
      in: gadgets(where: { ${name}: { in: [${text}] } }) { code }
      no: gadgets(where: { ${name}: { not: ${text} }, code: { equals: "${code}" } }) { code }
      sorted: gadgets(orderBy: [{ ${name}: desc }], take: 1) { code }
      pages: gadgetsConnection(first: 1, orderBy: [{ ${name}: asc }]) { edges { cursor } }
      groups: gadgetsGroupBy { key { ${name} } count }
    }`);
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ eq: [{ code }], in: [{ code }], no: [], sorted: [{ code }] });
      const after = data.pages.edges[0].cursor;
      expect(
        (
          await graphql(
            `{ gadgetsConnection(first: 1, after: "${after}", orderBy: [{ ${name}: asc }]) { edges { cursor } } }`,
          )
        ).errors,
      ).toBeUndefined();
      const isText = !['price', 'object'].includes(name);
      const odata = isText
        ? `${name} eq '${value}' and contains(${name},'${String(value)[0]}')`
        : `${name} eq ${value}`;
      expect(
        (await send(`/odata/gadgets?$filter=${encodeURIComponent(odata)}&$orderby=${name}`)).body.value,
      ).toMatchObject([{ code }]);
    });

    test('is in the change log, and breaks no other program', async () => {
      if (!usable() || skipped.has(name)) return;
      await create(value);
      await server.database.query(`UPDATE "Gadget" SET name = 'by another' WHERE code = $1`, [code]);
      await create(other);
      const { id } = await stored(code);
      const { data, errors } = await graphql(
        `{ changes(entity: "Gadget", key: ${literal(id)}, take: 1, newestFirst: true) { fields { name old new } } }`,
      );
      if (errors) throw new Error(JSON.stringify(errors));
      expect(data.changes[0].fields).toContainEqual({ name, old: shown, new: other });
      await server.database.query(`DELETE FROM "Gadget" WHERE code = $1`, [code]);
      await create(value);
    });
  },
);

test('an address is a key', async () => {
  expect((await send('/odata/hosts', { json: { address: '192.0.2.1', name: 'a' } })).status).toBe(201);
  expect((await send(`/odata/hosts('192.0.2.1')`)).body).toMatchObject({ name: 'a' });
  expect(
    await graphql('mutation { updateHost(address: "192.0.2.1", data: { name: "b" }) { address name } }'),
  ).toEqual({
    data: { updateHost: { address: '192.0.2.1', name: 'b' } },
  });
  expect(
    await graphql('mutation { upsertHost(data: { address: "192.0.2.1", name: "c" }) { name } }'),
  ).toEqual({ data: { upsertHost: { name: 'c' } } });
  expect((await graphql('mutation { deleteHost(address: "x") { name } }')).errors).toHaveLength(1);
});

test('fields of types that Prisma does not support are left out, and named', async () => {
  expect(server.catalog.leftOut).toEqual([
    { field: 'Gadget.network', type: 'cidr' },
    { field: 'Gadget.mac', type: 'macaddr' },
    { field: 'Gadget.place', type: 'point' },
    { field: 'Gadget.words', type: 'tsvector' },
  ]);
  expect((await graphql('{ gadgets { network } }')).errors?.[0]?.message).toContain('network');
});

test('a column that the database computes is refused to writers, and read by all', async () => {
  await server.database.query(`ALTER TABLE "Part" DROP COLUMN name;
ALTER TABLE "Part" ADD COLUMN name text NOT NULL GENERATED ALWAYS AS ('part ' || id) STORED`);
  const { errors } = await graphql('mutation { createPart(data: { id: "x", name: "y" }) { id } }');
  expect(errors?.[0]?.message).toContain('"name"');
  await server.database.query(`INSERT INTO "Part" (id) VALUES ('z')`);
  expect((await graphql('{ part(id: "z") { name } }')).data.part).toEqual({ name: 'part z' });
});

// The same change through GraphQL and through OData: the same row afterwards, the same entry in the change log, or the same
// places at fault.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { mutate } from '../graphql/mutations.ts';
import { serverForFile } from '../harness.ts';
import { type Send, sender } from './writing.ts';

let send: Send;

const server = serverForFile();
beforeAll(async () => {
  send = sender(server);
  await server.database.query(
    `insert into "Category" (id, slug, name) values (1, 'a', 'A'), (2, 'b', 'B'), (3, 'c', 'C')`,
  );
  await server.database.query(
    `insert into "Collection" (id, slug, name) values (1, 'a', 'A'), (2, 'b', 'B')`,
  );
});

/** Values that both doors write alike; decimals as text, which OData sends as a number. */
const values = {
  name: mostly(fc.string({ maxLength: 8, unit: 'grapheme' }), null, 'nul\0', '\ud800'),
  description: fc.option(fc.string({ maxLength: 20, unit: 'grapheme' })),
  price: mostly(
    fc.constantFrom('1', '12.30', '0.01', '-5', '9999999999.99', '1e2'),
    '99999999999',
    '0.005',
    null,
  ),
  cost: mostly(fc.option(fc.constantFrom('1', '0.1234', '12345678.9999')), '0.12345'),
  stock: mostly(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), null),
  weight: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  active: mostly(fc.boolean(), null),
  tags: mostly(fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }), null),
  attributes: fc.option(fc.jsonValue({ maxDepth: 3 })),
  barcode: mostly(fc.option(fc.string({ maxLength: 32 })), 'x'.repeat(33)),
};

const links = {
  /** null cuts the link, 4 leads to nothing. */
  category: mostly(fc.constantFrom(1, 2, 3, null), 4),
  collections: mostly(fc.uniqueArray(fc.constantFrom(1, 2)), [1, 3]),
  sheet: mostly(fc.record({ pages: fc.constantFrom(1, 99), language: fc.constantFrom('de', 'en') }), {
    pages: null,
    language: 'much too long',
  }),
};

/** Wrong values once in a while, so that most changes are made. */
function mostly<T>(right: fc.Arbitrary<T>, ...wrong: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
}

interface Data {
  readonly [field: string]: unknown;
}

const some = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Data> =>
  fc.record(model, { requiredKeys: [] });

const history = fc.record({
  first: fc.record({ ...values, ...links }, { requiredKeys: ['name', 'price'] }) as fc.Arbitrary<Data>,
  later: fc.array(some({ ...values, category: links.category }), { maxLength: 3 }),
  removed: fc.boolean(),
});

test('a change through OData is the same change as through GraphQL', async () => {
  let run = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ first, later, removed }) => {
      run++;
      const [mine, other] = [`O-${run}`, `G-${run}`];
      const made = await send('POST', '/products', toOData({ sku: mine, ...first }, true));
      const data = { sku: other, ...toGraphql(first, true) };
      const twin = await mutate(
        server,
        'mutation($data: ProductCreate!) { createProduct(data: $data) { id } }',
        {
          variables: { data },
        },
      );
      const faults = placesOf(twin);
      expect(made.status === 201 ? [] : targetsOf(made.body), JSON.stringify([first, made.text])).toEqual(
        faults,
      );
      if (faults.length > 0) return;
      kept++;
      const ids = [
        made.body.id,
        (twin.data as unknown as Record<string, { id: number }>).createProduct!.id,
      ] as const;
      await expectTwins(ids);
      for (const next of later) {
        const patched = await send('PATCH', `/products(${ids[0]})`, toOData(next, false));
        const changed = await mutate(
          server,
          'mutation($id: Int!, $data: ProductUpdate!) { updateProduct(id: $id, data: $data) { id } }',
          { variables: { id: ids[1], data: toGraphql(next, false) } },
        );
        expect(patched.status === 204 ? [] : targetsOf(patched.body), JSON.stringify(next)).toEqual(
          placesOf(changed),
        );
        await expectTwins(ids);
      }
      if (!removed) return;
      const gone = await send('DELETE', `/products(${ids[0]})`);
      const deleted = await mutate(server, `deleteProduct(id: ${ids[1]}) { id }`);
      expect(gone.status).toBe(204);
      expect(deleted.errors).toBeUndefined();
      await expectTwins(ids);
    }),
    { numRuns: 80 },
  );
  expect(kept).toBeGreaterThan(15);
  expect(kept).toBeLessThan(run);
});

/** As text, so that decimals are numbers with all their digits. */
function toOData({ category, collections, sheet, ...data }: Data, isNew: boolean): string {
  const members = Object.entries(data).map(([name, value]) => {
    const isDecimal = (name === 'price' || name === 'cost') && value !== null;
    return `${JSON.stringify(name)}:${isDecimal ? value : JSON.stringify(value)}`;
  });
  const add = (name: string, value: unknown) =>
    members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (category === null) add('category', null);
  else if (category !== undefined)
    if (isNew) add('category@odata.bind', `categories(${category})`);
    else add('category', { '@id': `categories(${category})` });
  if (collections)
    add(
      'collections',
      (collections as number[]).map(id => ({ '@odata.id': `collections(${id})` })),
    );
  if (sheet) add('sheet', sheet);
  return `{${members.join(',')}}`;
}

function toGraphql({ category, collections, sheet, ...data }: Data, isNew: boolean): Data {
  return {
    ...data,
    ...(typeof category === 'number' && { category: { connect: { id: category } } }),
    ...(category === null && !isNew && { category: { disconnect: true } }),
    ...(collections !== undefined && {
      collections: { connect: (collections as number[]).map(id => ({ id })) },
    }),
    ...(sheet !== undefined && { sheet: { create: sheet } }),
  };
}

/** `data.sheet.create.pages` and `sheet/pages` are the same place. */
const placesOf = ({ errors }: Awaited<ReturnType<typeof mutate>>): string[] =>
  (errors ?? [])
    .flatMap(({ message, extensions: { faults } }) =>
      faults
        ? faults.map(({ path }) =>
            path
              .replace(/^data\./, '')
              .replaceAll(/\.(create|connect)\b/g, '')
              .replaceAll('.', '/')
              .replace(/\/id$/, ''),
          )
        : [message],
    )
    .sort();

const targetsOf = ({ error }: { error: { details?: { target: string }[]; message: string } }): string[] =>
  (error.details?.map(({ target }) => target.replace(/\/id$/, '')) ?? [error.message]).sort();

/** Everything but what can't be the same. */
const own: ReadonlySet<string> = new Set(['id', 'sku', 'createdAt', 'updatedAt', 'sheet']);

async function expectTwins(ids: readonly [number, number]): Promise<void> {
  const [row, twin] = await Promise.all(ids.map(rowOf));
  expect(row).toEqual(twin);
  const [log, twinLog] = await Promise.all(ids.map(logOf));
  expect(log).toEqual(twinLog);
}

async function rowOf(id: number): Promise<unknown> {
  const { rows } = await server.database.query(
    `select to_jsonb(p) - 'id' - 'sku' - 'createdAt' - 'updatedAt',
       (select json_agg("A" order by "A") from "_CollectionToProduct" where "B" = p.id),
       (select to_jsonb(s) - 'id' - 'productId' from "DataSheet" s where s."productId" = p.id)
     from "Product" p where p.id = ${id}`,
  );
  return rows;
}

async function logOf(id: number): Promise<unknown> {
  const query = `{ changes(entity: "Product", key: ${id}) { kind position actor { kind id user via } fields { name old new } } }`;
  const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
  const { data, errors } = (await response.json()) as {
    data: { changes: { fields: { name: string }[] }[] };
    errors?: unknown;
  };
  if (errors) throw new Error(JSON.stringify(errors));
  return data.changes.map(({ fields, ...change }) => ({
    ...change,
    fields: fields.filter(({ name }) => !own.has(name)),
  }));
}

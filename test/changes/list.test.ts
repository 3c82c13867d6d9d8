import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

let key: string;
const server = serverForFile();
beforeAll(async () => {
  key = await server.createKey('read', 'write', 'products.cost:write');
  const write = (sql: string) => server.database.query(sql);
  await write(
    `insert into "Product" (id, sku, name, price, cost) values (1, 'A', 'a', 1.10, 0.5), (2, 'B', 'b', 2, 1)`,
  );
  await write(`update "Product" set cost = 0.25 where id = 1`);
  await write(`update "Product" set cost = 0.75, price = 9 where id = 1`);
  await write(
    `insert into "Customer" (id, number, name, email, country) values (1, 'C', 'C', 'c@example.com', 'DE')`,
  );
  await write(`insert into "Warehouse" (id, code, name, city) values (7, 'W', 'W', 'W')`);
  await write(
    `insert into "StockLevel" ("warehouseId", "productId", quantity, movements) values (7, 1, 1, 9007199254740993)`,
  );
  await write('delete from "Product" where id = 2');
});

async function ask(query: string, withKey = key) {
  const response = await server.fetch('/graphql', { key: withKey, json: { query } });
  const { data, errors } = await response.json();
  return errors ? { code: errors[0].extensions.code, scope: errors[0].extensions.scope } : data.changes;
}

describe('changes', () => {
  test('tells the history of one record', async () => {
    expect(
      await ask(
        '{ changes(entity: "Product", key: 1) { kind position key entity fields { name old new } } }',
      ),
    ).toMatchObject([
      { kind: 'insert', position: '1', key: { id: 1 }, entity: 'Product' },
      { kind: 'update', position: '2', fields: [] },
      { kind: 'update', position: '3', fields: [{ name: 'price', old: '1.10', new: '9.00' }] },
    ]);
  });

  test('shows restricted values to those who may read them', async () => {
    const all = await server.createKey('read', 'products.cost:read');
    const history = await ask(
      '{ changes(entity: "products", key: {id: 1}) { fields { name old new } } }',
      all,
    );
    expect(history[1].fields).toEqual([{ name: 'cost', old: '0.5000', new: '0.2500' }]);
    expect(history[0].fields).toContainEqual({ name: 'cost', old: null, new: '0.5000' });
  });

  test('hides restricted fields of new and of deleted records too', async () => {
    const changes = await ask('{ changes(kinds: [insert, delete]) { entity fields { name } } }');
    const names = changes.flatMap(({ fields }: { fields: { name: string }[] }) =>
      fields.map(({ name }) => name),
    );
    expect(names).toContain('sku');
    for (const hidden of ['cost', 'email', 'phone', 'margin']) expect(names).not.toContain(hidden);
  });

  test('is cut to the sets that may be read', async () => {
    const customers = await server.createKey('customers:read');
    const changes = await ask('{ changes { entity } }', customers);
    expect(changes).toEqual([{ entity: 'Customer' }]);
    expect(await ask('{ changes(entity: "Product") { id } }', customers)).toEqual({
      code: 'SCOPE_MISSING',
      scope: 'products:read',
    });
    expect(await ask('{ changes { id } }', await server.createKey('admin'))).toMatchObject({
      code: 'SCOPE_MISSING',
    });
  });

  test('goes on after an id, page by page, and backwards', async () => {
    const all = await ask('{ changes { id } }');
    let after = '0';
    const walked: { id: string }[] = [];
    for (;;) {
      const page = await ask(`{ changes(after: "${after}", take: 2) { id } }`);
      if (page.length === 0) break;
      walked.push(...page);
      after = page.at(-1).id;
    }
    expect(walked).toEqual(all);
    expect(await ask('{ changes(newestFirst: true, take: 100) { id } }')).toEqual(all.toReversed());
    expect(await ask(`{ changes(before: ${all[2].id}, newestFirst: true, take: 1) { id } }`)).toEqual([
      all[1],
    ]);
  });

  test('names composite keys by field, and takes them so', async () => {
    const query =
      '{ changes(entity: "StockLevel", key: {productId: 1, warehouseId: 7}) { key fields { name new } } }';
    const [change] = await ask(query);
    expect(change.key).toEqual({ warehouseId: 7, productId: 1 });
    expect(change.fields).toContainEqual({ name: 'movements', new: '9007199254740993' });
  });

  test('says who changed', async () => {
    const mutation = 'mutation { updateProduct(id: 1, data: { name: "z" }) { id } }';
    await server.fetch('/graphql', { key, json: { query: mutation } });
    const form = new FormData();
    form.set('entity', 'products');
    form.set('file', new File(['sku,name,price\nA,imported,3\n'], 'a.csv', { type: 'text/csv' }));
    const response = await server.fetch('/api/import', { method: 'POST', key, body: form });
    expect(response.status).toBe(200);
    const [imported, changed] = await ask(
      '{ changes(newestFirst: true, take: 2) { actor { kind id user via } fields { name } } }',
    );
    expect(changed.actor).toMatchObject({ kind: 'key', id: key.slice(3, 15), via: null });
    expect(imported.actor).toEqual({ ...changed.actor, via: 'import' });
  });

  test.each([
    ['{ changes(entity: "Produkt") { id } }', 'UNKNOWN_ENTITY'],
    ['{ changes(key: 1) { id } }', 'INVALID_VALUE'],
    ['{ changes(entity: "StockLevel", key: 1) { id } }', 'INVALID_VALUE'],
    ['{ changes(entity: "Product", key: {sku: "A"}) { id } }', 'INVALID_VALUE'],
    ['{ changes(take: 1001) { id } }', 'LIMIT_EXCEEDED'],
    ['{ changes(take: -1) { id } }', 'INVALID_VALUE'],
  ])('refuses %s', async (query, code) => {
    expect(await ask(query)).toMatchObject({ code });
  });
});

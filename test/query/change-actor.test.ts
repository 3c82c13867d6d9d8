import { beforeAll, expect, test } from 'vitest';
import { done } from '../graphql/mutations.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ demo: true });
beforeAll(async () => {
  for (const statement of [
    'CREATE TABLE "seen" ("id" serial PRIMARY KEY, "op" text, "actor" text)',
    `CREATE FUNCTION "see"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO "seen" ("op", "actor") VALUES (TG_TABLE_NAME || ' ' || TG_OP, current_setting('portolan.actor', true)); RETURN NULL; END $$`,
    ...['Supplier', 'Product'].map(
      table =>
        `CREATE TRIGGER "see" AFTER INSERT OR UPDATE OR DELETE ON "${table}" FOR EACH STATEMENT EXECUTE FUNCTION "see"()`,
    ),
  ]) {
    await server.database.query(statement);
  }
});

async function seen(): Promise<(readonly (string | null)[])[]> {
  const { rows } = await server.database.query('DELETE FROM "seen" RETURNING "op", "actor"');
  return rows.map(([op, actor]) => [op!, actor!]);
}

test.each([
  ['createSupplier(data: { code: "A", name: "a", country: "DE" }) { id }', ['Supplier INSERT']],
  ['updateSupplier(code: "A", data: { name: "b" }) { id }', ['Supplier UPDATE']],
  [
    'upsertSupplier(data: { code: "A", name: "c", country: "DE" }) { id }',
    ['Supplier INSERT', 'Supplier UPDATE'],
  ],
  ['updateSuppliers(where: { code: { equals: "A" } }, data: { name: "d" }) { count }', ['Supplier UPDATE']],
  [
    'updateSupplier(code: "A", data: { products: { create: [{ sku: "A-1", name: "x", price: 1 }] } }) { products { sku } }',
    ['Supplier UPDATE', 'Product INSERT'],
  ],
  [
    'a: deleteProduct(sku: "A-1") { id } b: deleteSupplier(code: "A") { id }',
    ['Product DELETE', 'Supplier DELETE'],
  ],
])('the database knows who writes: %s', async (text, operations) => {
  await seen();
  await done(server, text);
  const rows = await seen();
  expect(rows.map(([op]) => op).filter(op => operations.includes(op!))).toEqual(
    expect.arrayContaining(operations),
  );
  const { me } = (await done(server, '{ me { id kind } }')) as { me: { id: string; kind: string } };
  for (const [, actor] of rows)
    expect(JSON.parse(actor!)).toEqual({
      principal: `${me.kind}:${me.id}`,
      userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
});

test('knows it of an import too, and of one under an Idempotency-Key', async () => {
  for (const headers of [{}, { 'idempotency-key': 'once' }] as Record<string, string>[]) {
    const body = 'code,name,country\nB,b,DE\n';
    const response = await server.fetch('/api/import?entity=suppliers', {
      key: server.adminKey,
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv', ...headers },
    });
    expect(response.status).toBe(200);
    for (const [, actor] of await seen())
      expect(JSON.parse(actor!)).toMatchObject({ principal: expect.stringMatching(/^key:/) });
  }
});

test('a later statement of the same connection has nobody', async () => {
  await done(server, 'updateSupplier(code: "B", data: { name: "b" }) { id }');
  await seen();
  await server.database.query(`UPDATE "Supplier" SET name = 'c' WHERE code = 'B'`);
  expect((await seen()).map(([, actor]) => actor || null)).toEqual([null]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { subscribe } from './event-stream.ts';

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startServer();
  key = await server.createKey('read');
  await server.database.query(
    `insert into "Supplier" (id, code, name, country) values (1, 'S', 'Sam', 'DE')`,
  );
});
afterAll(() => server.close());

const write = (sql: string) => server.database.query(sql);

describe('a subscription', () => {
  it('tells each change with the record as it is', async () => {
    const stream = await subscribe(
      server,
      key,
      `subscription { p: productChanged { position kind key at actor { kind } n: node { sku title: name supplier { name } } fields { name old new } } }`,
    );
    expect(stream.response.headers.get('content-type')).toMatch('text/event-stream');
    await write(`insert into "Product" (id, sku, name, price, "supplierId") values (1, 'A', 'a', 1.10, 1)`);
    await write(`update "Product" set price = 2, tags = '{x}' where id = 1`);
    await write(`delete from "Product" where id = 1`);
    const [inserted, updated, deleted] = await stream.take(3);
    expect(inserted).toMatchObject({ kind: 'insert', key: { id: 1 }, actor: null });
    expect(updated).toMatchObject({
      kind: 'update',
      key: { id: 1 },
      fields: [
        { name: 'tags', old: [], new: ['x'] },
        { name: 'price', old: '1.10', new: '2.00' },
      ],
    });
    expect(deleted).toMatchObject({ kind: 'delete', key: { id: 1 }, n: null });
    await stream.leave();
  });
});

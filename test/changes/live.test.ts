import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';
import { type EventStream, subscribe } from './event-stream.ts';
import { lastId } from './logged.ts';

let key: string;
const server = serverForFile();
beforeAll(async () => {
  key = await server.createKey('read');
  await write(`insert into "Supplier" (id, code, name, country) values (1, 'S', 'Sam', 'DE')`);
  await write(`insert into "Warehouse" (id, code, name, city) values (1, 'W', 'W', 'Here')`);
});

const write = (sql: string) => server.database.query(sql);

/** Follows, runs, and leaves in any case. */
async function following<T>(
  query: string,
  work: (stream: EventStream) => Promise<T>,
  withKey = key,
): Promise<T> {
  const stream = await subscribe(server, withKey, query);
  try {
    return await work(stream);
  } finally {
    await stream.leave();
  }
}

describe('a subscription', () => {
  test('tells each change with the record as it is', async () => {
    const query = `subscription {
      p: productChanged { position kind key at actor { kind } n: node { sku title: name supplier { name } } fields { name old new } }
    }`;
    await following(query, async stream => {
      expect(stream.response.headers.get('content-type')).toMatch('text/event-stream');
      await write(`insert into "Product" (id, sku, name, price, "supplierId") values (1, 'A', 'a', 1.10, 1)`);
      const [inserted] = await stream.take(1);
      expect(inserted).toMatchObject({
        kind: 'insert',
        key: { id: 1 },
        actor: null,
        n: { sku: 'A', title: 'a', supplier: { name: 'Sam' } },
      });
      await write(`update "Product" set price = 2, tags = '{x}', cost = 1 where id = 1`);
      await write(`delete from "Product" where id = 1`);
      const [updated, deleted] = await stream.take(2);
      expect(updated!.fields).toEqual([
        { name: 'tags', old: [], new: ['x'] },
        { name: 'price', old: '1.10', new: '2.00' },
      ]);
      expect(deleted).toMatchObject({ kind: 'delete', key: { id: 1 }, n: null });
    });
  });

  test('asks the condition of the record as it is', async () => {
    const query = `subscription { productChanged(where: { price: { lt: 10 }, supplier: { is: { name: { equals: "Sam" } } } }) { kind key node { price } } }`;
    await following(query, async stream => {
      await write(`insert into "Product" (id, sku, name, price, "supplierId")
        values (11, 'P11', 'p', 5, 1), (12, 'P12', 'p', 50, 1), (13, 'P13', 'p', 5, null)`);
      expect(await stream.take(1)).toMatchObject([
        { kind: 'insert', key: { id: 11 }, node: { price: '5.00' } },
      ]);
      await write('update "Product" set price = price / 10 where id = 12');
      expect(await stream.take(1)).toMatchObject([
        { kind: 'update', key: { id: 12 }, node: { price: '5.00' } },
      ]);
      // 13 never met it, and 12 does no more.
      await write('update "Product" set price = 100 where id = 12');
      await write('delete from "Product" where id in (11, 12, 13)');
      expect(await stream.take(1)).toMatchObject([{ kind: 'delete', key: { id: 11 }, node: null }]);
      await write(`insert into "Product" (id, sku, name, price, "supplierId")
        values (11, 'P11', 'p', 5, 1), (12, 'P12', 'p', 5, 1)`);
      expect(await stream.take(2)).toMatchObject([{ key: { id: 11 } }, { key: { id: 12 } }]);
    });
  });

  test('tells of composite keys, of links, and of the kinds that are asked for', async () => {
    const levels = 'subscription { stockLevelChanged(kinds: [insert]) { key node { quantity movements } } }';
    const collections =
      'subscription { collectionChanged(kinds: [update]) { key fields { name old new } node { products { id } } } }';
    await write(`insert into "Collection" (id, slug, name) values (1, 'one', 'one')`);
    await following(levels, stream =>
      following(collections, async others => {
        await write(
          `insert into "StockLevel" ("warehouseId", "productId", quantity) values (1, 11, 3), (1, 12, 4)`,
        );
        await write('update "StockLevel" set quantity = 9');
        await write(`insert into "_CollectionToProduct" ("A", "B") values (1, 11)`);
        expect((await stream.take(2)).map(({ key }) => key)).toEqual([
          { warehouseId: 1, productId: 11 },
          { warehouseId: 1, productId: 12 },
        ]);
        expect(await others.take(1)).toEqual([
          {
            key: { id: 1 },
            fields: [{ name: 'products', old: [], new: [11] }],
            node: { products: [{ id: 11 }] },
          },
        ]);
      }),
    );
  });

  test('takes variables and fragments, and merges what is selected twice', async () => {
    const query = `subscription Watch($where: ProductWhere!, $more: Boolean!) {
      productChanged(where: $where) { ...Change node { id @skip(if: $more) } ... on ProductChange { node { sku } other: node { price } } }
    } fragment Change on ProductChange { __typename node { __typename stock @include(if: $more) } }`;
    const stream = await subscribe(server, key, query, { where: { stock: { gte: '5' } }, more: true });
    expect((await stream.next())?.errors?.[0]?.extensions.code).toBe('INVALID_VALUE');
    const good = await subscribe(server, key, query, { where: { stock: { gte: 5 } }, more: true });
    await write('update "Product" set stock = 7 where id = 11');
    expect(await good.take(1)).toEqual([
      {
        __typename: 'ProductChange',
        node: { __typename: 'Product', stock: 7, sku: 'P11' },
        other: { price: '5.00' },
      },
    ]);
    await good.leave();
  });

  test('goes on after the position that was seen last', async () => {
    const all = 'subscription { warehouseChanged { position fields { new } } }';
    const stream = await subscribe(server, key, all);
    for (const city of ['a', 'b']) await write(`update "Warehouse" set city = '${city}'`);
    const [first] = await stream.take(1);
    await stream.leave();
    for (const city of ['c', 'd']) await write(`update "Warehouse" set city = '${city}'`);
    const later = `subscription { warehouseChanged(after: "${first!.position}") { fields { new } } }`;
    await following(later, async stream => {
      await write(`update "Warehouse" set city = 'e'`);
      const cities = (await stream.take(4)).map(
        ({ fields }) => (fields as unknown as { new: string }[])[0]!.new,
      );
      expect(cities).toEqual(['b', 'c', 'd', 'e']);
    });
  });

  test('tells nothing of what was before it', async () => {
    await write(`update "Warehouse" set city = 'before'`);
    await following('subscription { warehouseChanged { fields { new } } }', async stream => {
      await write(`update "Warehouse" set city = 'after'`);
      expect(await stream.take(1)).toEqual([{ fields: [{ new: 'after' }] }]);
    });
  });

  test('tells many changes of one statement, each once and in order', async () => {
    const after = await lastId(server.database);
    await following(
      'subscription { orderItemChanged { position key node { id quantity } } }',
      async stream => {
        await write(
          `insert into "Customer" (id, number, name, email, country) values (1, 'C', 'C', 'c@x', 'DE')`,
        );
        await write(`insert into "Order" (id, number, total, "customerId") values (1, 'O', 1, 1)`);
        await write(`insert into "OrderItem" (id, "orderId", "productId", quantity, price)
        select i, 1, 11, i, 1 from generate_series(1, 1500) i`);
        const told = await stream.take(1500);
        expect(told.map(({ node }) => (node as unknown as { quantity: number }).quantity)).toEqual(
          Array.from({ length: 1500 }, (_, index) => index + 1),
        );
        const positions = told.map(({ position }) => BigInt(position!));
        expect(positions.every((position, i) => position > (positions[i - 1] ?? after))).toBe(true);
      },
    );
  });
});

describe('permission', () => {
  test.each([
    ['the set', 'subscription { productChanged { position } }', 'orders:read'],
    ['a selected set', 'subscription { productChanged { node { supplier { id } } } }', 'products:read'],
    ['a restricted field', 'subscription { productChanged { node { cost } } }', 'read'],
    [
      'a condition on one',
      'subscription { productChanged(where: { cost: { gt: 1 } }) { position } }',
      'read',
    ],
  ])('refuses at once who may not read %s', async (_, query, scope) => {
    const stream = await subscribe(server, await server.createKey(scope), query);
    expect((await stream.next())?.errors?.[0]?.extensions.code).toBe('SCOPE_MISSING');
    expect(await stream.next()).toBeUndefined();
  });

  test('leaves restricted fields out of what changed', async () => {
    const query = 'subscription { productChanged { fields { name } } }';
    const seeing = await server.createKey('read', 'products.cost:read');
    await following(query, mine =>
      following(
        query,
        async theirs => {
          await write('update "Product" set cost = 3 where id = 11');
          expect(await mine.take(1)).toEqual([{ fields: [] }]);
          expect(await theirs.take(1)).toEqual([{ fields: [{ name: 'cost' }] }]);
        },
        seeing,
      ),
    );
  });

  test('ends the stream soon after the key is revoked', async () => {
    const revoked = await server.createKey('read');
    const stream = await subscribe(server, revoked, 'subscription { productChanged { position } }');
    const begun = performance.now();
    const admin = { key: server.adminKey, method: 'DELETE' };
    expect((await server.fetch(`/api/keys/${revoked.slice(3, 15)}`, admin)).status).toBeLessThan(300);
    expect((await stream.next())?.errors?.[0]?.extensions.code).toBe('INVALID_CREDENTIAL');
    expect(await stream.next()).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('refuses a subscription too many, and lets go those that were left', async () => {
    const busy = await server.createKey('read');
    const query = 'subscription { supplierChanged { position } }';
    const streams = await Promise.all(Array.from({ length: 100 }, () => subscribe(server, busy, query)));
    const refused = await subscribe(server, busy, query);
    expect((await refused.next())?.errors?.[0]?.extensions.code).toBe('TOO_MANY_REQUESTS');
    await Promise.all(streams.map(stream => stream.leave()));
    await following(
      query,
      async stream => {
        await write('update "Supplier" set rating = 4');
        expect(await stream.take(1)).toHaveLength(1);
      },
      busy,
    );
  });
});

describe('the form of the answer', () => {
  test('is refused to clients that take no events', async () => {
    const response = await server.fetch('/graphql', {
      key,
      json: { query: 'subscription { productChanged { position } }' },
      headers: { accept: 'application/graphql-response+json' },
    });
    expect(response.status).toBe(406);
    expect((await response.json()).errors[0].extensions.code).toBe('NOT_ACCEPTABLE');
  });

  test('is an error for a position that is no longer kept, and for a document that is wrong', async () => {
    const wrong = await subscribe(server, key, 'subscription { productChanged { nothing } }');
    expect((await wrong.next())?.errors?.[0]?.extensions.code).toBe('UNKNOWN_FIELD');
    const two = await subscribe(
      server,
      key,
      'subscription { a: productChanged { key } b: orderChanged { key } }',
    );
    expect((await two.next())?.errors).toHaveLength(1);
  });
});

test('ends its streams when it stops', async () => {
  await using stopping = await startServer();
  const stream = await subscribe(stopping, stopping.adminKey, 'subscription { productChanged { position } }');
  stopping.app.drain();
  expect(await stream.next()).toBeUndefined();
});

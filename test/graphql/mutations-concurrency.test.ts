// Writers that meet. On PostgreSQL they truly run at the same time; on the embedded database one after the other.

import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { done, mutate, refused } from './mutations.ts';

const server = serverForFile({ demo: true });

interface Read {
  readonly product: { readonly stock: number; readonly version: string };
}

const read = async (id: number) =>
  ((await done(server, `{ product(id: ${id}) { stock version } }`)) as Read).product;

/** Adds one to the stock of a product as clients do that read first: until nobody came between. @returns how often it was tried */
async function addOne(id: number, update: (stock: number, version: string) => string): Promise<number> {
  for (let tries = 1; ; tries++) {
    const { stock, version } = await read(id);
    const { errors } = await mutate(server, update(stock + 1, version));
    if (!errors) return tries;
    expect(errors[0]!.extensions).toMatchObject({
      code: 'CONFLICT',
      faults: [{ path: 'ifVersion', code: 'STALE' }],
    });
  }
}

describe('ifVersion', () => {
  const ways = {
    'one statement': (stock: number, version: string) =>
      `updateProduct(id: 1, data: { stock: ${stock} }, ifVersion: "${version}") { stock }`,
    'several statements': (stock: number, version: string) =>
      `updateProduct(id: 1, data: { stock: ${stock}, supplier: { connect: { id: 1 } } }, ifVersion: "${version}") { supplier { products(take: 1) { id } } }`,
    'several mutations': (stock: number, version: string) =>
      `a: updateProduct(id: 1, data: { stock: ${stock} }, ifVersion: "${version}") { id } b: updateSupplier(id: 1, data: { rating: 1 }) { id }`,
  };
  test.each(Object.entries(ways))(
    'loses no update of writers at the same time, in %s',
    async (_way, update) => {
      const [writers, times] = [4, 8];
      const { stock } = await read(1);
      await Promise.all(
        Array.from({ length: writers }, async () => {
          for (let n = 0; n < times; n++) await addOne(1, update);
        }),
      );
      expect((await read(1)).stock).toBe(stock + writers * times);
    },
  );

  test('of a record that was changed names the version that it has', async () => {
    const { version } = await read(2);
    await done(server, 'updateProduct(id: 2, data: { stock: 1 }) { id }');
    const { errors } = await mutate(
      server,
      `updateProduct(id: 2, data: { stock: 2 }, ifVersion: "${version}") { id }`,
    );
    const [fault] = errors![0]!.extensions.faults!;
    const now = (await read(2)).version;
    expect(fault).toMatchObject({ path: 'ifVersion', code: 'STALE', version: now });
    expect(now).not.toBe(version);
    expect(errors![0]!.message).toContain(now);
  });

  test('keeps a changed record from being deleted', async () => {
    await done(server, 'createSupplier(data: { code: "V", name: "v", country: "DE" }) { id }');
    const { supplier } = (await done(server, '{ supplier(code: "V") { version } }')) as {
      supplier: { version: string };
    };
    await done(server, 'updateSupplier(code: "V", data: { name: "w" }) { id }');
    const remove = (version: string) => `deleteSupplier(code: "V", ifVersion: "${version}") { name }`;
    expect(await refused(server, remove(supplier.version))).toMatchObject({ code: 'CONFLICT' });
    const again = (await done(server, '{ supplier(code: "V") { version } }')) as {
      supplier: { version: string };
    };
    expect(await done(server, remove(again.supplier.version))).toEqual({ deleteSupplier: { name: 'w' } });
    expect(await refused(server, remove(again.supplier.version))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each(['', 'x', '0', '99999999999999999999', `'; --`])(
    '%s is the version of nothing',
    async version => {
      const text = `updateProduct(id: 3, data: { stock: 1 }, ifVersion: "${version}") { id }`;
      expect(await refused(server, text)).toMatchObject({ code: 'CONFLICT' });
    },
  );

  test('stays as it is while others are written, and in a list', async () => {
    const { version } = await read(4);
    await done(server, 'updateProducts(where: { id: { in: [5, 6] } }, data: { stock: 1 }) { count }');
    expect((await read(4)).version).toBe(version);
    const text =
      '{ products(where: { id: { equals: 4 } }, orderBy: [{ name: asc }]) { version category { version products(where: { id: { equals: 4 } }) { version } } } }';
    const { products } = (await done(server, text)) as {
      products: { version: string; category: { products: { version: string }[] } }[];
    };
    expect(products[0]!.version).toBe(version);
    expect(products[0]!.category.products[0]!.version).toBe(version);
  });

  test('changes when links of the record do', async () => {
    const { version } = await read(4);
    await done(server, 'updateProduct(id: 4, data: { collections: { set: [{ id: 1 }] } }) { id }');
    expect((await read(4)).version).not.toBe(version);
  });
});

describe('writers at the same time', () => {
  test('that would wait for each other for ever are all served', async () => {
    const [there, back] = ['7 8 9', '9 8 7'].map(ids =>
      ids
        .split(' ')
        .map(id => `m${id}: updateProduct(id: ${id}, data: { stock: 5 }) { id category { name } }`)
        .join(' '),
    );
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => mutate(server, n % 2 === 0 ? there! : back!)),
    );
    // Deadlocks are tried again; only many in a row are told, as a conflict that may be tried again.
    for (const { errors } of answers) if (errors) expect(errors[0]!.extensions.code).toBe('CONFLICT');
    expect(answers.filter(({ errors }) => !errors).length).toBeGreaterThan(4);
  });

  test('under one natural key make one record', async () => {
    const text = (n: number) =>
      `upsertSupplier(data: { code: "RACE", name: "n${n}", country: "DE" }) { name }`;
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => mutate(server, text(n))));
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(await done(server, '{ suppliersCount(where: { code: { equals: "RACE" } }) }')).toEqual({
      suppliersCount: 1,
    });
  });
});

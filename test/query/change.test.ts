import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/query/engine.ts';
import { serverForFile } from '../harness.ts';
import { change, data, fields, key, refusal, run, target, writer } from './changes.ts';

let engine: Engine;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  engine = server.engine;
});

const one = (select: string[] = ['id']) => ({ select: fields(...select), one: true }) as const;

describe('an insert', () => {
  test('writes a row and answers it in one statement', async () => {
    const request = {
      change: {
        kind: 'insert',
        entity: 'Product',
        rows: [data({ sku: 'W-1', name: 'Lamp', price: '12.50' })],
      },
      ...one(['sku', 'name', 'price', 'stock', 'active', 'tags']),
    } as const;
    expect(await change(engine, request)).toEqual({
      ...{ sku: 'W-1', name: 'Lamp', price: '12.50', stock: 0, active: true, tags: [] },
    });
  });

  test('keeps every kind of value as it is', async () => {
    const nasty = `'); DROP TABLE "Product"; -- $1 \\ " \u{1F600} {a,b}`;
    const request = {
      change: {
        kind: 'insert',
        entity: 'Product',
        rows: [
          data({
            sku: 'W-2',
            name: nasty,
            price: '9999999999.99',
            tags: [nasty, '', 'NULL', '{}', 'a,b'],
            attributes: { json: { nested: [nasty, null, 1.5, true] } },
            weight: 1e-300,
          }),
        ],
      },
      ...one(['name', 'price', 'tags', 'attributes', 'weight']),
    } as const;
    expect(await change(engine, request)).toEqual({
      name: nasty,
      price: '9999999999.99',
      tags: [nasty, '', 'NULL', '{}', 'a,b'],
      attributes: { nested: [nasty, null, 1.5, true] },
      weight: 1e-300,
    });
  });

  test('writes rows that give different fields, and answers them in their order', async () => {
    const rows = [
      data({ sku: 'W-3', name: 'A', price: '1' }, [], 'data[0]'),
      data({ sku: 'W-4', name: 'B', price: '2', stock: 5 }, [], 'data[1]'),
      data({ name: 'C', sku: 'W-5', price: '3' }, [], 'data[2]'),
    ];
    const request = {
      change: { kind: 'insert', entity: 'Product', rows },
      select: fields('sku', 'stock'),
    } as const;
    expect(await change(engine, request)).toEqual([
      { sku: 'W-3', stock: 0 },
      { sku: 'W-4', stock: 5 },
      { sku: 'W-5', stock: 0 },
    ]);
  });

  test('tells all that is wrong at once', async () => {
    const rows = [
      data(
        { sku: 'x'.repeat(65), price: '1.999', stock: 3_000_000_000, weight: 'abc', nmae: 'x' },
        [],
        'data[0]',
      ),
      data({ sku: null, name: 'a\0b', price: '99999999999', tags: ['a', null], id: 5 }, [], 'data[1]'),
    ];
    const request = { change: { kind: 'insert', entity: 'Product', rows } } as const;
    expect(await refusal(engine, request)).toMatchObject({
      code: 'INVALID_VALUE',
      faults: [
        'data[0].sku TOO_LONG',
        'data[0].price OUT_OF_RANGE',
        'data[0].stock OUT_OF_RANGE',
        'data[0].weight INVALID_VALUE',
        'data[0].nmae UNKNOWN_FIELD',
        'data[0].name REQUIRED',
        'data[1].sku REQUIRED',
        'data[1].name INVALID_VALUE',
        'data[1].price OUT_OF_RANGE',
        'data[1].tags REQUIRED',
        'data[1].id READ_ONLY',
      ],
    });
  });

  test('names the field that is taken, and the row', async () => {
    const rows = [
      data({ sku: 'W-6', name: 'A', price: '1' }, [], 'data[0]'),
      data({ sku: 'W-1', name: 'B', price: '2' }, [], 'data[1]'),
    ];
    const answer = await refusal(engine, { change: { kind: 'insert', entity: 'Product', rows } });
    expect(answer).toMatchObject({ code: 'CONFLICT', faults: ['data[1].sku NOT_UNIQUE'] });
    expect(answer.message).not.toContain('Product_sku_key');
  });

  test('names the field that refers to nothing', async () => {
    const rows = [data({ sku: 'W-7', name: 'A', price: '1', categoryId: 999_999 })];
    expect(await refusal(engine, { change: { kind: 'insert', entity: 'Product', rows } })).toMatchObject({
      code: 'INVALID_VALUE',
      faults: ['data.categoryId NO_SUCH_REFERENCE'],
    });
  });
});

describe('links of a new row', () => {
  test('are made and found with it', async () => {
    const order = data({ number: 'O-W1', total: '30' }, [
      {
        relation: 'customer',
        path: 'data.customer',
        create: [
          data(
            { number: 'C-W1', name: 'Ann', email: 'ann@w.example', country: 'DE' },
            [],
            'data.customer.create',
          ),
        ],
      },
      {
        relation: 'items',
        path: 'data.items',
        create: [
          data({ quantity: 1, price: '10' }, [
            { relation: 'product', path: 'data.items.create[0].product', connect: [key({ sku: 'W-1' })] },
          ]),
          data({ quantity: 2, price: '10' }, [
            {
              relation: 'product',
              path: 'data.items.create[1].product',
              create: [
                data({ sku: 'W-8', name: 'New', price: '10' }, [
                  {
                    relation: 'collections',
                    path: 'x',
                    create: [data({ slug: 'w-1', name: 'W' })],
                  },
                ]),
              ],
            },
          ]),
        ],
      },
    ]);
    const select = [
      ...fields('number'),
      {
        kind: 'relation',
        relation: 'customer',
        as: 'customer',
        query: { entity: 'Customer', select: fields('name'), cardinality: 'one' },
      },
      {
        kind: 'relation',
        relation: 'items',
        as: 'items',
        query: {
          entity: 'OrderItem',
          cardinality: 'many',
          select: [
            ...fields('quantity'),
            {
              kind: 'relation',
              relation: 'product',
              as: 'product',
              query: {
                entity: 'Product',
                cardinality: 'one',
                select: [...fields('sku'), { kind: 'count', relation: 'collections', as: 'collections' }],
              },
            },
          ],
        },
      },
    ] as const;
    const full = writer('read', 'write', 'customers.contact:write');
    const request = {
      change: { kind: 'insert', entity: 'Order', rows: [order] },
      select,
      one: true,
    } as const;
    expect(await change(engine, request, full)).toEqual({
      number: 'O-W1',
      customer: { name: 'Ann' },
      items: [
        { quantity: 1, product: { sku: 'W-1', collections: 0 } },
        { quantity: 2, product: { sku: 'W-8', collections: 1 } },
      ],
    });
    // All or nothing: the same again fails at the end, and leaves nothing.
    expect(await refusal(engine, request, full)).toMatchObject({ code: 'CONFLICT' });
    expect(await refusal(engine, request)).toMatchObject({
      code: 'SCOPE_MISSING',
      target: 'customers.contact:write',
    });
  });
});

describe('an update by key', () => {
  test('answers the row as it is then', async () => {
    const request = {
      change: { kind: 'update', entity: 'Product', target: target({ sku: 'W-1' }), data: data({ stock: 7 }) },
      ...one(['sku', 'stock', 'version']),
    } as const;
    const first = (await change(engine, request)) as { version: string };
    expect(first).toEqual({ sku: 'W-1', stock: 7, version: expect.stringMatching(/^\d+$/) });
    const second = (await change(engine, request)) as { version: string };
    expect(second.version).not.toBe(first.version);
    const stale = { ...request, change: { ...request.change, ifVersion: first.version } };
    const answer = await refusal(engine, stale);
    expect(answer).toMatchObject({ code: 'CONFLICT', faults: ['ifVersion STALE'] });
    expect(answer.message).toContain(second.version);
    const fresh = { ...request, change: { ...request.change, ifVersion: second.version } };
    expect(await change(engine, fresh)).toMatchObject({ stock: 7 });
  });

  test('says when there is none', async () => {
    const request = {
      change: {
        kind: 'update',
        entity: 'Product',
        target: target({ id: 999_999 }),
        data: data({ stock: 7 }),
      },
      ...one(),
    } as const;
    expect(await refusal(engine, request)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of nothing leaves the row as it is', async () => {
    const request = {
      change: { kind: 'update', entity: 'Product', target: target({ sku: 'W-1' }), data: data({}) },
      ...one(['version']),
    } as const;
    const first = await change(engine, request);
    expect(await change(engine, request)).toEqual(first);
  });
});

describe('changes where', () => {
  test('count the rows, through relations too', async () => {
    const where = (name: string) =>
      ({
        kind: 'compare',
        operator: 'eq',
        left: { kind: 'path', segments: ['product', 'sku'] },
        right: { kind: 'literal', value: name },
      }) as const;
    const update = {
      change: {
        kind: 'update',
        entity: 'OrderItem',
        target: { kind: 'where', where: where('W-8') },
        data: data({ quantity: 9 }),
      },
    } as const;
    expect((await run(engine, update)).count).toBe(1);
    const remove = {
      kind: 'delete',
      entity: 'OrderItem',
      target: { kind: 'where', where: where('W-8') },
    } as const;
    expect((await run(engine, { change: remove })).count).toBe(1);
    expect((await run(engine, { change: remove })).count).toBe(0);
  });
});

describe('a delete', () => {
  test('answers the row as it was, relations included', async () => {
    const request = {
      change: { kind: 'delete', entity: 'Product', target: target({ sku: 'W-8' }) },
      select: [
        ...fields('sku'),
        {
          kind: 'relation',
          relation: 'collections',
          as: 'collections',
          query: { entity: 'Collection', select: fields('slug'), cardinality: 'many' },
        },
      ],
      one: true,
    } as const;
    expect(await change(engine, request)).toEqual({ sku: 'W-8', collections: [{ slug: 'w-1' }] });
    expect(await refusal(engine, request)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is refused while others refer to the row', async () => {
    const request = {
      change: { kind: 'delete', entity: 'Product', target: target({ sku: 'W-1' }) },
      ...one(),
    } as const;
    expect(await refusal(engine, request)).toMatchObject({ code: 'CONFLICT' });
  });
});

describe('an upsert', () => {
  test('of rows that exist uses up no number of the key', async () => {
    const upsert = (code: string) =>
      change(engine, {
        change: { kind: 'upsert', entity: 'Supplier', rows: [data({ code, name: 'n', country: 'DE' })] },
        ...one(['id']),
      }) as Promise<{ id: number }>;
    const { id } = await upsert('UP-1');
    for (let n = 0; n < 5; n++) expect(await upsert('UP-1')).toEqual({ id });
    expect(await upsert('UP-2')).toEqual({ id: id + 1 });
  });

  test('changes rows that exist and adds the others', async () => {
    const rows = [
      data({ sku: 'W-1', name: 'Lamp 2', price: '13' }, [], 'data[0]'),
      data({ sku: 'W-9', name: 'New', price: '1' }, [], 'data[1]'),
    ];
    const request = {
      change: { kind: 'upsert', entity: 'Product', rows },
      select: fields('sku', 'name', 'stock'),
    } as const;
    expect(await change(engine, request)).toEqual([
      { sku: 'W-1', name: 'Lamp 2', stock: 7 },
      { sku: 'W-9', name: 'New', stock: 0 },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { call, compare, literal, path } from '../../src/query/ask/expression.ts';
import { condition, translated } from './translated.ts';

/** As the translation gives them, without what is absent. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
const isNull = (...segments: string[]) => ({ kind: 'isNull', item: { kind: 'path', segments } });

describe('where', () => {
  test('takes every condition to hold', () => {
    expect(condition('{ price: { gte: 10, lt: 20.50 }, active: { equals: true } }')).toEqual(
      plain({
        kind: 'and',
        items: [
          {
            kind: 'and',
            items: [
              compare('lt', path(['price']), literal('20.50')),
              compare('ge', path(['price']), literal('10')),
            ],
          },
          compare('eq', path(['active']), literal(true)),
        ],
      }),
    );
  });

  test('joins conditions with AND, OR and NOT, lists of one included', () => {
    const name = plain(compare('eq', path(['name']), literal('x')));
    expect(condition('{ AND: [{ name: { equals: "x" } }] }')).toEqual(name);
    expect(condition('{ OR: { name: { equals: "x" } } }')).toEqual(name);
    expect(condition('{ NOT: { name: { equals: "x" } } }')).toEqual({ kind: 'not', item: name });
    expect(condition('{ NOT: [{ name: { equals: "x" } }, { name: { equals: "x" } }] }')).toEqual({
      kind: 'not',
      item: { kind: 'or', items: [name, name] },
    });
    expect(condition('{ OR: [] }')).toEqual({ kind: 'or', items: [] });
    expect(condition('{ AND: [] }')).toEqual({ kind: 'and', items: [] });
    expect(condition('{ NOT: [] }')).toEqual({ kind: 'not', item: { kind: 'or', items: [] } });
    expect(condition('{}')).toEqual({ kind: 'and', items: [] });
  });

  test('ignores case by comparing in lower case', () => {
    const lower = (expr: Parameters<typeof call>[1][number]) => call('lower', [expr]);
    expect(condition('{ name: { contains: "X", mode: insensitive } }')).toEqual(
      plain(call('contains', [lower(path(['name'])), lower(literal('X'))])),
    );
  });

  test('keeps every digit of numbers, written in whatever way', () => {
    const price = (operand: string) => plain(compare('eq', path(['price']), literal(operand)));
    expect(condition('{ price: { equals: 12345678901234567890.12345 } }')).toEqual(
      price('12345678901234567890.12345'),
    );
    expect(condition('{ price: { equals: "0.10" } }')).toEqual(price('0.10'));
    const head = 'query($p: Decimal!)';
    expect(condition('{ price: { equals: $p } }', { p: '0.10' }, head)).toEqual(price('0.10'));
    expect(condition('{ price: { equals: $p } }', { p: 5 }, head)).toEqual(price('5'));
  });

  test('asks whether there is a related record before it looks into one', () => {
    const name = plain(compare('eq', path(['category', 'name']), literal('x')));
    const present = { kind: 'and', items: [{ kind: 'not', item: isNull('category') }, name] };
    expect(condition('{ category: { is: { name: { equals: "x" } } } }')).toEqual(present);
    expect(condition('{ category: { name: { equals: "x" } } }')).toEqual(present);
    expect(condition('{ category: { isNot: { name: { equals: "x" } } } }')).toEqual({
      kind: 'not',
      item: present,
    });
    expect(condition('{ category: { is: null } }')).toEqual(isNull('category'));
    expect(condition('{ category: { isNot: null } }')).toEqual({ kind: 'not', item: isNull('category') });
    expect(condition('{ category: { NOT: { name: { equals: "x" } } } }')).toEqual({
      kind: 'and',
      items: [
        { kind: 'not', item: isNull('category') },
        { kind: 'not', item: name },
      ],
    });
  });

  test('looks straight into a related record that must be there', () => {
    const [query] = translated('{ orders(where: { customer: { is: { name: { equals: "x" } } } }) { id } }');
    expect(query!.where).toEqual(plain(compare('eq', path(['customer', 'name']), literal('x'))));
  });

  test('goes through related records by variables of their own', () => {
    const inner = (variable: string) => ({
      kind: 'compare',
      operator: 'gt',
      left: { kind: 'path', segments: ['quantity'], variable },
      right: { kind: 'literal', value: 1 },
    });
    const over = { kind: 'path', segments: ['stockLevels'] };
    expect(condition('{ stockLevels: { some: { quantity: { gt: 1 } } } }')).toEqual({
      ...{ kind: 'any', over, variable: 'row1', where: inner('row1') },
    });
    expect(condition('{ stockLevels: { every: { quantity: { gt: 1 } } } }')).toEqual({
      ...{ kind: 'all', over, variable: 'row1', where: inner('row1') },
    });
    expect(condition('{ stockLevels: { none: { quantity: { gt: 1 } } } }')).toEqual({
      kind: 'not',
      item: { kind: 'any', over, variable: 'row1', where: inner('row1') },
    });
    expect(condition('{ stockLevels: { some: {} } }')).toEqual({ kind: 'any', over, variable: 'row1' });
    expect(condition('{ stockLevels: { every: {} } }')).toEqual({
      ...{ kind: 'all', over, variable: 'row1', where: { kind: 'and', items: [] } },
    });
  });

  test('starts from the innermost record when relations nest', () => {
    const where =
      '{ stockLevels: { some: { warehouse: { levels: { none: { product: { sku: { equals: "x" } } } } } } } }';
    expect(condition(where)).toEqual({
      kind: 'any',
      over: { kind: 'path', segments: ['stockLevels'] },
      variable: 'row1',
      where: {
        kind: 'not',
        item: {
          kind: 'any',
          over: { kind: 'path', segments: ['warehouse', 'levels'], variable: 'row1' },
          variable: 'row2',
          where: {
            kind: 'compare',
            operator: 'eq',
            left: { kind: 'path', segments: ['product', 'sku'], variable: 'row2' },
            right: { kind: 'literal', value: 'x' },
          },
        },
      },
    });
  });

  test.each([
    ['{ name: { contains: null } }', '"contains" cannot be null.'],
    ['{ name: { in: null } }', '"in" cannot be null.'],
    ['{ price: { lt: null } }', '"lt" cannot be null.'],
    ['{ name: { mode: null } }', '"mode" cannot be null.'],
    ['{ name: { isNull: null } }', '"isNull" cannot be null.'],
    ['{ name: null }', '"name" cannot be null.'],
    ['{ category: null }', '"category" cannot be null.'],
    ['{ orderItems: { some: null } }', '"some" cannot be null.'],
    ['{ tags: { has: null } }', '"has" cannot be null.'],
    ['{ AND: null }', '"AND" cannot be null.'],
  ])('refuses null where it means nothing: %s', (where, message) => {
    expect(() => condition(where)).toThrow(
      expect.objectContaining({
        code: 'INVALID_VALUE',
        message,
        hint: expect.any(String),
        at: expect.any(Number),
      }),
    );
  });

  test('leaves a condition out whose variable is not given', () => {
    const where = '{ name: { contains: $name }, active: { equals: true } }';
    expect(condition(where, {}, 'query($name: String)')).toEqual({
      kind: 'and',
      items: [{ kind: 'and', items: [] }, plain(compare('eq', path(['active']), literal(true)))],
    });
  });

  test('points at what is wrong, in variables at the variable', () => {
    const at = (text: string, variables?: Record<string, unknown>) => {
      try {
        translated(text, variables);
      } catch (error) {
        return (error as { at?: number }).at;
      }
      throw new Error('It was not refused.');
    };
    const literalText = '{ products(where: { name: { contains: null } }) { id } }';
    expect(at(literalText)).toBe(literalText.indexOf('null'));
    const variableText = 'query($w: ProductWhere) { products(where: $w) { id } }';
    expect(at(variableText, { w: { name: { contains: null } } })).toBe(variableText.lastIndexOf('$w'));
  });
});

describe('orderBy', () => {
  const orderBy = (text: string) => translated(`{ products(orderBy: ${text}) { id } }`)[0]!.orderBy;

  test('keeps the keys in their order', () => {
    expect(orderBy('[{ price: desc }, { name: asc }]')).toEqual(
      plain([
        { by: path(['price']), direction: 'desc' },
        { by: path(['name']), direction: 'asc' },
      ]),
    );
  });

  test('takes one key without a list, a path through relations, and a place for missing values', () => {
    expect(orderBy('{ category: { parent: { name: desc_nulls_last } } }')).toEqual(
      plain([{ by: path(['category', 'parent', 'name']), direction: 'desc', nulls: 'last' }]),
    );
    expect(orderBy('{ cost: asc_nulls_last }')).toEqual(
      plain([{ by: path(['cost']), direction: 'asc', nulls: 'last' }]),
    );
  });

  test.each([
    '{ name: asc, price: asc }',
    '{}',
    '{ name: null }',
    '{ label: asc }',
    '{ tags: asc }',
    '{ orderItems: {} }',
  ])('refuses %s', text => {
    expect(() => orderBy(text)).toThrow();
  });
});

describe('one record', () => {
  const where = (text: string, variables?: Record<string, unknown>) => translated(text, variables)[0]!.where;

  test('reports the key, unique fields or natural key', () => {
    expect(where('{ product(id: 3) { id } }')).toEqual(plain(compare('eq', path(['id']), literal(3))));
    expect(where('{ product(sku: "A") { id } }')).toEqual(plain(compare('eq', path(['sku']), literal('A'))));
    expect(where('{ stockLevel(productId: 1, warehouseId: 2) { quantity } }')).toEqual(
      plain({
        kind: 'and',
        items: [
          compare('eq', path(['warehouseId']), literal(2)),
          compare('eq', path(['productId']), literal(1)),
        ],
      }),
    );
  });

  test.each([
    '{ product { id } }',
    '{ product(id: null) { id } }',
    '{ product(id: 1, sku: "A") { id } }',
    '{ stockLevel(productId: 1) { quantity } }',
    'query($id: Int) { product(id: $id) { id } }',
  ])('a record is identified by exactly one key: %s', text => {
    expect(() => translated(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPERATION', hint: expect.stringContaining('(') }),
    );
  });
});

describe('selections', () => {
  const select = (text: string, variables?: Record<string, unknown>) =>
    translated(text, variables)[0]!.select;

  test('keep names, aliases and order', () => {
    expect(select('{ products { b: name id __typename t: __typename } }')).toEqual([
      { kind: 'field', field: 'name', as: 'b' },
      { kind: 'field', field: 'id', as: 'id' },
      { kind: 'constant', as: '__typename', value: 'Product' },
      { kind: 'constant', as: 't', value: 'Product' },
    ]);
  });

  test('read one relation twice with different arguments', () => {
    expect(
      select('{ products { few: orderItems(take: 1) { id } rest: orderItems(skip: 1) { id } } }'),
    ).toEqual([
      {
        ...{ kind: 'relation', relation: 'orderItems', as: 'few' },
        query: {
          entity: 'OrderItem',
          select: [{ kind: 'field', field: 'id', as: 'id' }],
          take: 1,
          cardinality: 'many',
        },
      },
      {
        ...{ kind: 'relation', relation: 'orderItems', as: 'rest' },
        query: {
          entity: 'OrderItem',
          select: [{ kind: 'field', field: 'id', as: 'id' }],
          skip: 1,
          cardinality: 'many',
        },
      },
    ]);
  });

  test('count related records', () => {
    expect(
      select('{ products { n: orderItemsCount(where: { quantity: { gt: 1 } }) orderItemsCount } }'),
    ).toEqual(
      plain([
        {
          kind: 'count',
          relation: 'orderItems',
          as: 'n',
          where: compare('gt', path(['quantity']), literal(1)),
        },
        { kind: 'count', relation: 'orderItems', as: 'orderItemsCount' },
      ]),
    );
  });

  test('merge what stands under one name, across fragments', () => {
    const text = `
      { products { ...A category { slug } ... on Product { category { id } } ...A } }
      fragment A on Product { id category { name } }`;
    expect(select(text)).toEqual([
      { kind: 'field', field: 'id', as: 'id' },
      {
        kind: 'relation',
        relation: 'category',
        as: 'category',
        query: {
          entity: 'Category',
          select: ['name', 'slug', 'id'].map(field => ({ kind: 'field', field, as: field })),
          cardinality: 'one',
        },
      },
    ]);
  });

  test('leave out what directives say', () => {
    const text = `query($yes: Boolean!, $no: Boolean = false) {
      products { id @skip(if: $yes) name @include(if: $yes) sku @include(if: $no) ... @include(if: $no) { price } stock @skip(if: $yes) @include(if: $yes) }
    }`;
    expect(select(text, { yes: true })).toEqual([{ kind: 'field', field: 'name', as: 'name' }]);
  });
});

describe('lists', () => {
  test('take null for an argument as if it was not given', () => {
    const text = '{ products(where: null, orderBy: null, take: null, skip: null) { id } }';
    expect(translated(text)).toEqual(translated('{ products { id } }'));
  });

  test('are counted by a root of their own', () => {
    expect(translated('{ productsCount(where: { stock: { gt: 0 } }) }')).toEqual(
      plain([
        {
          entity: 'Product',
          select: [],
          where: compare('gt', path(['stock']), literal(0)),
          take: 0,
          cardinality: 'many',
          count: 'exact',
        },
      ]),
    );
  });
});

test('shares nothing between operations', () => {
  const where = '{ stockLevels: { some: { quantity: { gt: 1 } } } }';
  expect(condition(where)).toEqual(condition(where));
});

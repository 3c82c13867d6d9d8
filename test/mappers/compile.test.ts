import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { compileMapper } from '../../src/mappers/compile/compile-mapper.ts';
import { checkMapper } from '../../src/mappers/document/check-mapper.ts';
import type { MapperDraft } from '../../src/mappers/document/schema.ts';
import { catalogOf } from '../../src/project.ts';

const catalog = catalogOf(project);

const columns: MapperDraft['columns'] = [
  { field: 'sku', source: 'SKU' },
  { field: 'name', source: 'Name' },
  { field: 'price', source: 'Price' },
];

const compile = (more: Partial<MapperDraft> = {}, added: MapperDraft['columns'] = []) =>
  compileMapper(
    checkMapper(
      { mapper: 1, name: 'M', entity: 'products', columns: [...columns, ...added], ...more },
      catalog,
    ),
  );

const bound = (header: readonly string[], ...args: Parameters<typeof compile>) =>
  compile(...args).bind(header);
const header = ['SKU', 'Name', 'Price', 'More', 'Again'];
const valuesOf = (cells: readonly string[], ...args: Parameters<typeof compile>) =>
  bound(header, ...args).map(cells)?.values;

describe('columns are found', () => {
  test('in any case, without regard to spaces, dashes, underscores and dots', () => {
    const { columns: found } = bound([' s_k-u ', 'NAME', 'P rice.']);
    expect(found.map(({ places, header }) => [places, header])).toEqual([
      [[0], 's_k-u'],
      [[1], 'NAME'],
      [[2], 'P rice.'],
    ]);
  });

  test('by the first alternative that the file has', () => {
    const added = [{ field: 'weight', source: ['Mass', 'Again', 'More'] }];
    expect(valuesOf(['a', 'b', '1', 'no', '2'], {}, added)).toEqual(['a', 'b', '1', '2']);
  });

  test('by their number, also without a header', () => {
    const added = [{ field: 'weight', source: 4 }];
    expect(valuesOf(['a', 'b', '1', '4'], {}, added)).toEqual(['a', 'b', '1', '4']);
    const numbered = columns.map((column, at) => ({ ...column, source: at + 1 }));
    const mapper = compile({ columns: numbered, format: { header: false } }).bind(undefined);
    expect(mapper.map(['a', 'b', '1'])).toEqual({ values: ['a', 'b', '1'] });
    expect(mapper.columns[1]!.header).toBe('column 2');
  });

  test('by their exact name where two differ in case only', () => {
    expect(bound(['sku', 'SKU', 'Name', 'Price']).map(['1', '2', 'n', '3'])?.values).toEqual(['2', 'n', '3']);
  });

  test('or are all named that are missing, or there twice', () => {
    expect(() => bound(['SKU', 'Nam', 'x', 'x'], {}, [{ field: 'weight', source: 'X' }])).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_FIELD',
        details: [
          { column: '"Name"', message: 'The file has no column "Name".', hint: 'Did you mean "Nam"?' },
          expect.objectContaining({ message: 'The file has no column "Price".' }),
          expect.objectContaining({ message: 'The file has several columns "X".' }),
        ],
      }),
    );
  });

  test('or are left out where they are optional', () => {
    const { columns: found } = bound(header.slice(0, 3), {}, [
      { field: 'weight', source: 'Weight', optional: true },
    ]);
    expect(found).toHaveLength(3);
  });

  test('and those that are not used are named', () => {
    expect(bound(header).unused).toEqual(['More', 'Again']);
  });
});

describe('a row', () => {
  test('is mapped to text, lists as JSON, and null for blank cells', () => {
    const added: MapperDraft['columns'] = [
      { field: 'tags', source: 'More', transforms: [{ op: 'split' }] },
      { field: 'description', constant: 'fixed' },
      { field: 'barcode', source: 'Again' },
    ];
    expect(valuesOf(['a', ' b ', '1', 'x,"y', '  '], {}, added)).toEqual([
      'a',
      ' b ',
      '1',
      '["x","\\"y"]',
      'fixed',
      null,
    ]);
  });

  test('joins columns, and leaves out empty ones', () => {
    const added: MapperDraft['columns'] = [
      { field: 'description', concat: { sources: ['Name', 'More', 'Again'], separator: '/' } },
    ];
    expect(valuesOf(['a', ' b ', '1', '', 'c'], {}, added)?.[3]).toBe('b/c');
    expect(valuesOf(['a', '', '1', '', ' '], {}, added)?.[3]).toBe(null);
  });

  test('names every column at fault', () => {
    const added: MapperDraft['columns'] = [
      { field: 'weight', source: 'More', transforms: [{ op: 'number' }] },
      { field: 'active', source: 'Again', transforms: [{ op: 'boolean' }] },
    ];
    expect(bound(header, {}, added).map(['a', 'b', '1', 'x', 'perhaps'])).toMatchObject({
      values: ['a', 'b', '1', null, null],
      faults: [
        { column: 3, code: 'INVALID_VALUE' },
        { column: 4, code: 'INVALID_VALUE' },
      ],
    });
  });

  test('may lack cells at its end', () => {
    expect(valuesOf(['a'])).toEqual(['a', null, null]);
  });

  test.each<[NonNullable<MapperDraft['skip']>[number], string, boolean]>([
    [{ source: 'More', is: 'empty' }, ' ', true],
    [{ source: 'More', is: 'empty' }, 'x', false],
    [{ source: 'More', is: 'notEmpty' }, 'x', true],
    [{ source: 'More', in: ['Draft', 'gone'] }, ' DRAFT', true],
    [{ source: 'More', in: ['draft'] }, 'drafts', false],
    [{ source: 'More', notIn: ['live'] }, 'draft', true],
    [{ source: 'More', notIn: ['live'] }, 'Live', false],
    [{ source: 'More', matches: '^d' }, 'draft', true],
    [{ source: 'More', matches: '^d' }, 'xd', false],
  ])('is left out by %j of "%s": %s', (condition, cell, left) => {
    expect(valuesOf(['a', 'b', '1', cell, ''], { skip: [condition] }) === undefined).toBe(left);
  });

  test('takes empty cells from the row above within its group', () => {
    const filled = { ...columns[1]!, fillDown: { within: 'More' } };
    const mapper = bound(header, { columns: [columns[0]!, filled, columns[2]!] });
    const names = [
      ['1', 'Shirt', '1', 'shirt'],
      ['2', '', '1', 'shirt'],
      ['3', '', '1', 'cap'],
      ['4', 'Cap', '1', 'cap'],
      ['5', '', '1', 'cap'],
      ['6', '', '1', ''],
    ].map(cells => mapper.map(cells)?.values[1]);
    expect(names).toEqual(['Shirt', 'Shirt', null, 'Cap', 'Cap', null]);
  });
});

test('a mapper over any cells gives a value for each column, and its state ends with the file', () => {
  const mapper = compile({}, [
    { field: 'tags', source: 'More', transforms: [{ op: 'split' }, { op: 'lower' }] },
    {
      field: 'weight',
      source: 'Again',
      fillDown: { within: 'SKU' },
      transforms: [{ op: 'number', decimal: ',' }],
    },
  ]);
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { maxLength: 6 })), rows => {
      const [first, second] = [mapper.bind(header), mapper.bind(header)];
      const once = rows.map(cells => first.map(cells));
      expect(rows.map(cells => second.map(cells))).toEqual(once);
      for (const row of once) expect(row?.values).toHaveLength(5);
    }),
  );
});

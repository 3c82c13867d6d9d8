import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { Fault } from '../../src/base/errors.ts';
import { checkMapper } from '../../src/mappers/document/check-mapper.ts';
import type { DocumentFault } from '../../src/mappers/document/document-fault.ts';
import { type MapperDraft, mapperJsonSchema } from '../../src/mappers/document/schema.ts';
import { catalogOf } from '../../src/project.ts';

const catalog = catalogOf(project);

const columns: MapperDraft['columns'] = [
  { field: 'sku', source: 'SKU' },
  { field: 'name', source: 'Name' },
  { field: 'price', source: 'Price' },
];
const draft: MapperDraft = { mapper: 1, name: 'Prices', entity: 'products', columns };

function faultsOf(input: unknown): readonly DocumentFault[] {
  try {
    checkMapper(input, catalog);
  } catch (error) {
    if (error instanceof Fault) {
      expect(error).toMatchObject({ code: 'INVALID_VALUE', status: 400 });
      return error.details as DocumentFault[];
    }
    throw error;
  }
  return [];
}

/** A document with one more column. */
const withColumn = (column: object): unknown => ({ ...draft, columns: [...columns, column] });

describe('a document', () => {
  test('gets the defaults of everything that it leaves out', () => {
    const { document, entity, match } = checkMapper(draft, catalog);
    expect(document).toMatchObject({
      ...{ mode: 'upsert', onError: 'abort', description: '', skip: [] },
      format: { delimiter: 'auto', quote: '"', encoding: 'auto', header: true },
      absent: { action: 'leave' },
    });
    expect(document.columns[0]).toEqual({ field: 'sku', source: 'SKU', optional: false, transforms: [] });
    expect(entity.name).toBe('Product');
    expect(match).toEqual(['sku']);
  });

  test('names its entity in any of its ways', () => {
    for (const entity of ['products', 'Product', 'PRODUCTS', ' product '])
      expect(checkMapper({ ...draft, entity }, catalog).document.entity).toBe('products');
  });

  test('is found wrong with every error at once', () => {
    const faults = faultsOf({
      ...draft,
      mode: 'upserts',
      columns: [
        {
          field: 'sku',
          source: 'SKU',
          transforms: [{ op: 'trimm' }, { op: 'date', format: 'dd.MM.yyyy', formats: ['d'] }],
        },
        { field: 'name', source: 0 },
      ],
    });
    expect(faults.map(({ path }) => path)).toEqual([
      'mode',
      'columns[0].transforms[0].op',
      'columns[0].transforms[1].format',
      'columns[1].source',
    ]);
    expect(faults[0]).toMatchObject({
      message: '"upserts" is not a value of this option.',
      hint: 'Did you mean "upsert"?',
    });
    expect(faults[1]).toMatchObject({
      message: 'There is no transform "trimm".',
      hint: 'Did you mean "trim"?',
    });
    expect(faults[2]).toMatchObject({ message: 'There is no such option.', hint: 'Did you mean "formats"?' });
  });
});

const price = { field: 'weight', source: 'W' };

/** What is wrong, its path, its message, and what the hint names. */
const wrong: readonly (readonly [string, unknown, string, RegExp, RegExp?])[] = [
  ['no object', 7, '', /must be an object/],
  ['no version', { ...draft, mapper: 2 }, 'mapper', /2 is not a value/, /1/],
  ['an unknown option', { ...draft, colums: [] }, 'colums', /no such option/, /"columns"/],
  ['no columns', { ...draft, columns: [] }, 'columns', /at least 1 element/],
  ['an unknown set', { ...draft, entity: 'product s' }, 'entity', /no set "product s"/, /"products"/],
  [
    'an unknown field',
    withColumn({ ...price, field: 'wieght' }),
    'columns[3].field',
    /no field "wieght"/,
    /"weight"/,
  ],
  ['a computed field', withColumn({ ...price, field: 'margin' }), 'columns[3].field', /computed/],
  [
    'a generated field',
    withColumn({ ...price, field: 'id' }),
    'columns[3].field',
    /set by the server/,
    /mode/,
  ],
  [
    'a generated key of new records',
    { ...draft, key: ['id'], columns: [...columns, { field: 'id', source: 'Id' }] },
    'key',
    /from the server/,
    /"update"/,
  ],
  [
    'a field of the server',
    withColumn({ ...price, field: 'updatedAt' }),
    'columns[3].field',
    /set by the server/,
  ],
  [
    'a field of no relation',
    withColumn({ ...price, field: 'weight.unit' }),
    'columns[3].field',
    /not a relation/,
  ],
  [
    'a field twice',
    withColumn({ ...price, field: 'sku' }),
    'columns[3].field',
    /columns\[0\] sets "sku" as well/,
  ],
  ['a relation to many', withColumn({ ...price, field: 'orderItems' }), 'columns[3].field', /many records/],
  [
    'a relation without a key',
    withColumn({ ...price, field: 'supplier' }),
    'columns[3].field',
    /by a key/,
    /supplier\.code/,
  ],
  [
    'an unknown key',
    withColumn({ ...price, field: 'supplier.cod' }),
    'columns[3].field',
    /not a key of suppliers/,
    /"code"/,
  ],
  ['no source', withColumn({ field: 'weight' }), 'columns[3]', /exactly one of/],
  ['two sources', withColumn({ ...price, constant: '1' }), 'columns[3]', /exactly one of/],
  ['a name without a header', { ...draft, format: { header: false } }, 'columns[0].source', /numbers only/],
  [
    'a list for text',
    withColumn({ ...price, transforms: [{ op: 'split' }] }),
    'columns[3].transforms[0]',
    /no list/,
    /"element"/,
  ],
  [
    'an element of text',
    withColumn({ ...price, transforms: [{ op: 'element', index: 0 }] }),
    'columns[3].transforms[0]',
    /needs a list/,
  ],
  [
    'a split list',
    withColumn({ field: 'tags', source: 'T', transforms: [{ op: 'split' }, { op: 'path' }] }),
    'columns[3].transforms[1]',
    /list here already/,
  ],
  ['text for a tree', withColumn({ field: 'category', source: 'C' }), 'columns[3]', /needs a list/, /"path"/],
  [
    'a bad pattern',
    withColumn({ ...price, transforms: [{ op: 'extract', pattern: '(' }] }),
    'columns[3].transforms[0].pattern',
    /missing closing/,
  ],
  [
    'a backreference',
    withColumn({ ...price, transforms: [{ op: 'extract', pattern: '(a)\\1' }] }),
    'columns[3].transforms[0].pattern',
    /invalid escape/,
  ],
  [
    'a huge pattern',
    withColumn({ ...price, transforms: [{ op: 'extract', pattern: '(a{90}){10}' }] }),
    'columns[3].transforms[0].pattern',
    /too complex/,
  ],
  [
    'a group too many',
    withColumn({ ...price, transforms: [{ op: 'extract', pattern: '(a)', group: 2 }] }),
    'columns[3].transforms[0].group',
    /1 group/,
  ],
  [
    'equal separators',
    withColumn({ ...price, transforms: [{ op: 'number', decimal: ',', group: ',' }] }),
    'columns[3].transforms[0].group',
    /another separator/,
  ],
  [
    'a bad format',
    withColumn({ field: 'createdAt', source: 'D', transforms: [{ op: 'date', formats: ['dd.mmmm'] }] }),
    'columns[3].transforms[0].formats[0]',
    /"mmmm" is not a part of a date/,
  ],
  [
    'a bad zone',
    withColumn({
      field: 'createdAt',
      source: 'D',
      transforms: [{ op: 'dateTime', formats: ['d'], zone: 'Europe/Berlinn' }],
    }),
    'columns[3].transforms[0].zone',
    /no such time zone/,
    /"Europe\/Berlin"/,
  ],
  [
    'a bad language',
    withColumn({
      field: 'createdAt',
      source: 'D',
      transforms: [{ op: 'date', formats: ['d'], locale: 'x y' }],
    }),
    'columns[3].transforms[0].locale',
    /no such language/,
  ],
  [
    'a word for both',
    withColumn({ field: 'active', source: 'A', transforms: [{ op: 'boolean', true: ['x'], false: ['X'] }] }),
    'columns[3].transforms[0].false',
    /both/,
  ],
  [
    'a creation of no relation',
    withColumn({ ...price, createMissing: {} }),
    'columns[3].createMissing',
    /not a relation/,
  ],
  [
    'a creation without a required field',
    withColumn({ field: 'supplier.code', source: 'S', createMissing: { values: { name: '{key}' } } }),
    'columns[3].createMissing.values',
    /need "country"/,
  ],
  [
    'a creation with an unknown field',
    withColumn({
      field: 'category',
      source: 'S',
      transforms: [{ op: 'path' }],
      createMissing: { values: { positon: '1' } },
    }),
    'columns[3].createMissing.values.positon',
    /no such field/,
    /"position"/,
  ],
  ['a key that is none', { ...draft, key: ['name'] }, 'key', /not a key of products/, /sku/],
  [
    'no column for the key',
    { ...draft, mode: 'update', columns: columns.slice(1) },
    'columns',
    /No column sets sku/,
  ],
  [
    'no column for a required field',
    { ...draft, columns: columns.slice(0, 2) },
    'columns',
    /No column sets "price"/,
  ],
  ['a condition without a test', { ...draft, skip: [{ source: 'A' }] }, 'skip[0]', /exactly one of/],
  [
    'a condition with a bad pattern',
    { ...draft, skip: [{ source: 'A', matches: '[' }] },
    'skip[0].pattern',
    /missing closing/,
  ],
  [
    'absent records of new ones',
    { ...draft, mode: 'insert', absent: { action: 'delete' } },
    'absent.action',
    /new records only/,
  ],
  [
    'a deactivation without a field',
    { ...draft, absent: { action: 'deactivate' } },
    'absent.field',
    /required/,
  ],
  [
    'a deactivation by an unknown field',
    { ...draft, absent: { action: 'deactivate', field: 'activ' } },
    'absent.field',
    /no field "activ"/,
    /"active"/,
  ],
  [
    'a filter by an unknown field',
    { ...draft, absent: { action: 'delete', where: { suplierId: '1' } } },
    'absent.where.suplierId',
    /no such field/,
    /"supplierId"/,
  ],
];

describe('refuses', () => {
  test.each(wrong.map(([what, ...rest]) => ({ what, rest })))(
    '$what',
    ({ rest: [input, path, message, hint] }) => {
      const fault = faultsOf(input).find(one => one.path === path);
      expect(fault?.message).toMatch(message);
      if (hint) expect(fault?.hint).toMatch(hint);
    },
  );
});

describe('the JSON schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(mapperJsonSchema());

  test('accepts documents, and those of the project', () => {
    for (const document of [draft, ...(project.mappers ?? [])])
      expect(validate(document) || validate.errors).toBe(true);
  });

  test('refuses what the server refuses by its shape', () => {
    for (const input of [
      7,
      { ...draft, mapper: 2 },
      { ...draft, colums: [] },
      withColumn({ field: 'weight', source: [] }),
    ])
      expect(validate(input)).toBe(false);
  });
});

test('the mappers of the project fit its schema', () => {
  expect(project.mappers?.map(({ name }) => name)).toEqual(['WooCommerce products', 'Shopify products']);
  for (const mapper of project.mappers ?? []) expect(faultsOf(mapper)).toEqual([]);
});

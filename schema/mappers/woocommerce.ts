import type { MapperDraft } from '../../src/mappers/document/schema.ts';

/** The product export of WooCommerce: Products, Export. */
export const woocommerce: MapperDraft = {
  mapper: 1,
  name: 'WooCommerce products',
  description:
    'The product export of WooCommerce, as it is. Variations become products of their own. Their parents, and groups, have no price and are left out.',
  entity: 'products',
  skip: [{ source: 'Type', matches: '(?i)^(variable|grouped)\\b' }],
  columns: [
    { field: 'sku', source: 'SKU', transforms: [{ op: 'trim' }] },
    { field: 'name', source: 'Name', transforms: [{ op: 'collapse' }] },
    { field: 'description', source: ['Description', 'Short description'], optional: true },
    { field: 'price', source: 'Regular price', transforms: [{ op: 'currency' }] },
    {
      field: 'stock',
      source: 'Stock',
      optional: true,
      transforms: [{ op: 'number' }, { op: 'default', value: '0' }],
    },
    // -1 stands for a draft.
    {
      field: 'active',
      source: 'Published',
      transforms: [{ op: 'lookup', table: { '1': 'true', '0': 'false', '-1': 'false' } }],
    },
    { field: 'tags', source: 'Tags', optional: true, transforms: [{ op: 'split' }] },
    { field: 'weight', source: 'Weight (kg)', optional: true, transforms: [{ op: 'number' }] },
    {
      field: 'barcode',
      source: ['GTIN, UPC, EAN, or ISBN', 'Meta: _barcode'],
      optional: true,
      transforms: [{ op: 'trim' }],
    },
    // A product may be in several categories. The first one is taken.
    {
      field: 'category',
      source: 'Categories',
      optional: true,
      transforms: [{ op: 'split' }, { op: 'element', index: 0 }, { op: 'path' }],
      createMissing: {},
    },
  ],
};

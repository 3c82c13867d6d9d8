import type { MapperDraft } from '../../src/mappers/document/schema.ts';

/** Rows of further variants, and of images, leave the columns of their product empty. */
const fillDown = { within: ['Handle', 'URL handle'] };

/** The product export of Shopify, with the names of columns before and since 2025. */
export const shopify: MapperDraft = {
  mapper: 1,
  name: 'Shopify products',
  description:
    'The product export of Shopify, as it is. Each variant becomes a product. Rows without a SKU, which hold further images, are left out.',
  entity: 'products',
  skip: [{ source: ['Variant SKU', 'SKU'], is: 'empty' }],
  columns: [
    { field: 'sku', source: ['Variant SKU', 'SKU'], transforms: [{ op: 'trim' }] },
    {
      field: 'name',
      concat: {
        sources: ['Title', ['Option1 Value', 'Option1 value'], ['Option2 Value', 'Option2 value']],
        separator: ', ',
      },
      fillDown,
      optional: true,
      transforms: [{ op: 'replace', find: ', Default Title' }, { op: 'collapse' }],
    },
    { field: 'description', source: ['Body (HTML)', 'Description'], optional: true, fillDown },
    { field: 'price', source: ['Variant Price', 'Price'], transforms: [{ op: 'currency' }] },
    {
      field: 'stock',
      source: ['Variant Inventory Qty', 'Inventory quantity'],
      optional: true,
      transforms: [{ op: 'number' }, { op: 'default', value: '0' }],
    },
    // Shopify puts an apostrophe before barcodes, so that spreadsheets keep their digits.
    {
      field: 'barcode',
      source: ['Variant Barcode', 'Barcode'],
      optional: true,
      transforms: [{ op: 'replace', find: "'" }, { op: 'trim' }],
    },
    {
      field: 'active',
      source: ['Status', 'Published', 'Published on online store'],
      optional: true,
      fillDown,
      transforms: [
        {
          op: 'lookup',
          table: {
            active: 'true',
            draft: 'false',
            archived: 'false',
            unlisted: 'false',
            true: 'true',
            false: 'false',
          },
        },
      ],
    },
    { field: 'tags', source: 'Tags', optional: true, fillDown, transforms: [{ op: 'split' }] },
    {
      field: 'weight',
      source: ['Variant Grams', 'Weight value (grams)'],
      optional: true,
      transforms: [{ op: 'number', shift: -3 }],
    },
    {
      field: 'category',
      source: ['Product Category', 'Type'],
      optional: true,
      fillDown,
      transforms: [{ op: 'path' }],
      createMissing: {},
    },
  ],
};

import { entity } from './entity.ts';

export const product = entity('Product', compute => ({
  set: 'products',
  naturalKey: ['sku'],
  search: ['name', 'description', 'sku'],
  restricted: { cost: 'products.cost' },
  computed: {
    margin: compute.sql({
      type: 'Decimal',
      precision: 12,
      scale: 4,
      description: 'Profit margin as a share of the price; at most 1.',
      needs: ['price', 'cost'],
      sql: column => `round((${column('price')} - ${column('cost')}) / nullif(${column('price')}, 0), 4)`,
    }),
    label: compute.value({
      type: 'String',
      nullable: false,
      description: 'Shelf label: the name and the stock keeping unit.',
      needs: ['name', 'sku'],
      compute: row => `${row.name} (${row.sku})`,
    }),
  },
}));

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
      description: 'Share of the price that is left after the cost, from 0 to 1.',
      needs: ['price', 'cost'],
      sql: column => `round((${column('price')} - ${column('cost')}) / nullif(${column('price')}, 0), 4)`,
    }),
    label: compute.value({
      type: 'String',
      nullable: false,
      description: 'What to print on the shelf: the name with its stock keeping unit.',
      needs: ['name', 'sku'],
      compute: row => `${row.name} (${row.sku})`,
    }),
  },
}));

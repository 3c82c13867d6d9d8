import { entity } from './entity.ts';

export const orderItem = entity('OrderItem', compute => ({
  set: 'orderItems',
  computed: {
    amount: compute.sql({
      type: 'Decimal',
      precision: 22,
      scale: 2,
      nullable: false,
      description: 'Quantity times price.',
      needs: ['quantity', 'price'],
      sql: column => `(${column('quantity')} * ${column('price')})`,
    }),
  },
}));

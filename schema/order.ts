import { entity } from '../src/catalog/declare.ts';

export const order = entity('Order', () => ({
  set: 'orders',
  naturalKey: ['number'],
  search: ['number', 'note'],
}));

import { entity } from './entity.ts';

export const order = entity('Order', () => ({
  set: 'orders',
  naturalKey: ['number'],
  search: ['number', 'note'],
}));

import { entity } from '../src/catalog/declare.ts';

export const warehouse = entity('Warehouse', () => ({
  set: 'warehouses',
  naturalKey: ['code'],
  search: ['name', 'city'],
}));

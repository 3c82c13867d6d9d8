import { entity } from './entity.ts';

export const warehouse = entity('Warehouse', () => ({
  set: 'warehouses',
  naturalKey: ['code'],
  search: ['name', 'city'],
}));

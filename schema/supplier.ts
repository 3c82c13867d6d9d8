import { entity } from './entity.ts';

export const supplier = entity('Supplier', () => ({
  set: 'suppliers',
  naturalKey: ['code'],
  search: ['name'],
}));

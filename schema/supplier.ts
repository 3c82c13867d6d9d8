import { entity } from '../src/catalog/declare.ts';

export const supplier = entity('Supplier', () => ({
  set: 'suppliers',
  naturalKey: ['code'],
  search: ['name'],
}));

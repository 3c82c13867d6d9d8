import { entity } from '../src/catalog/declare.ts';

export const category = entity('Category', () => ({
  set: 'categories',
  naturalKey: ['slug'],
  search: ['name'],
}));

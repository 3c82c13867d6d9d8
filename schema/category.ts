import { entity } from './entity.ts';

export const category = entity('Category', () => ({
  set: 'categories',
  naturalKey: ['slug'],
  search: ['name'],
}));

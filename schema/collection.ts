import { entity } from '../src/catalog/declare.ts';

export const collection = entity('Collection', () => ({
  set: 'collections',
  naturalKey: ['slug'],
  search: ['name'],
}));

import { entity } from './entity.ts';

export const collection = entity('Collection', () => ({
  set: 'collections',
  naturalKey: ['slug'],
  search: ['name'],
}));

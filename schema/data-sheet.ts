import { entity } from '../src/catalog/declare.ts';

export const dataSheet = entity('DataSheet', () => ({
  set: 'dataSheets',
  naturalKey: ['productId'],
}));

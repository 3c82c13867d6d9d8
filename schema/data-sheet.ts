import { entity } from './entity.ts';

export const dataSheet = entity('DataSheet', () => ({
  set: 'dataSheets',
  naturalKey: ['productId'],
}));

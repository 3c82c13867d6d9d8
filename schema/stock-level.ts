import { entity } from '../src/catalog/declare.ts';

export const stockLevel = entity('StockLevel', () => ({
  set: 'stockLevels',
  naturalKey: ['warehouseId', 'productId'],
}));

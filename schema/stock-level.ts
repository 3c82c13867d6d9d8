import { entity } from './entity.ts';

export const stockLevel = entity('StockLevel', () => ({
  set: 'stockLevels',
  naturalKey: ['warehouseId', 'productId'],
}));

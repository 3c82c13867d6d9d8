// All exposed entities.

import { category } from './category.ts';
import { collection } from './collection.ts';
import { customer } from './customer.ts';
import { dataSheet } from './data-sheet.ts';
import { order } from './order.ts';
import { orderItem } from './order-item.ts';
import { product } from './product.ts';
import { stockLevel } from './stock-level.ts';
import { supplier } from './supplier.ts';
import { warehouse } from './warehouse.ts';

export const entities = [
  category,
  supplier,
  product,
  collection,
  dataSheet,
  customer,
  order,
  orderItem,
  warehouse,
  stockLevel,
];

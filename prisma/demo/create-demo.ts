import { createCategories } from './categories.ts';
import { createCollections } from './collections.ts';
import { createCustomers } from './customers.ts';
import { createDataSheets } from './data-sheets.ts';
import { createOrders } from './orders.ts';
import { createProducts } from './products.ts';
import { createRandom } from './random.ts';
import { createSuppliers } from './suppliers.ts';
import { createStockLevels, warehouses } from './warehouses.ts';

/** A table's name in the database, and its rows; keys of the rows are names of columns. */
export interface DemoTable {
  readonly name: string;
  readonly rows: readonly object[];
  /** Whether ids come from a sequence. */
  readonly numbered: boolean;
}

const seed = 20_261_101;

/** @returns the whole demo catalogue, the same at every call, tables before those that refer to them */
export function createDemo(): readonly DemoTable[] {
  const random = createRandom(seed);
  const categories = createCategories();
  const suppliers = createSuppliers(random);
  const products = createProducts(random, categories, suppliers.length);
  const collections = createCollections(random, products);
  const customers = createCustomers(random);
  const orders = createOrders(random, customers, products);
  return [
    { name: 'Category', rows: categories.rows, numbered: true },
    { name: 'Supplier', rows: suppliers, numbered: true },
    { name: 'Product', rows: products, numbered: true },
    { name: 'Collection', rows: collections.rows, numbered: true },
    { name: '_CollectionToProduct', rows: collections.members, numbered: false },
    { name: 'DataSheet', rows: createDataSheets(random, products), numbered: false },
    { name: 'Customer', rows: customers, numbered: true },
    { name: 'Order', rows: orders.rows, numbered: true },
    { name: 'OrderItem', rows: orders.items, numbered: true },
    { name: 'Warehouse', rows: warehouses, numbered: true },
    { name: 'StockLevel', rows: createStockLevels(random, products), numbered: false },
  ];
}

import { describe, expect, test } from 'vitest';
import { createDemo } from '../../prisma/demo/create-demo.ts';
import type {
  CategoryRow,
  CustomerRow,
  OrderItemRow,
  OrderRow,
  ProductRow,
  StockLevelRow,
} from '../../prisma/demo/rows.ts';
import { today } from '../../prisma/demo/values.ts';

const demo = createDemo();
const rowsOf = <Row>(name: string): readonly Row[] =>
  demo.find(table => table.name === name)!.rows as readonly Row[];
const products = rowsOf<ProductRow>('Product');
const orders = rowsOf<OrderRow>('Order');
const items = rowsOf<OrderItemRow>('OrderItem');
const customers = rowsOf<CustomerRow>('Customer');
const categories = rowsOf<CategoryRow>('Category');
const levels = rowsOf<StockLevelRow>('StockLevel');

const cents = (price: string): number => Number(price.replace('.', ''));
const sumBy = <Row>(rows: readonly Row[], key: (row: Row) => number, value: (row: Row) => number) => {
  const sums = new Map<number, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + value(row));
  return sums;
};

describe('the demo catalogue', () => {
  test('is the same at every call', () => {
    expect(createDemo()).toEqual(demo);
  });

  test('has the size of a small shop', () => {
    expect(products.length).toBeGreaterThan(3900);
    expect(categories.length).toBeGreaterThan(55);
    expect(customers).toHaveLength(800);
    expect(orders).toHaveLength(3000);
  });

  test('has a category tree of three levels with the products at the leaves', () => {
    const parentOf = new Map(categories.map(category => [category.id, category.parentId]));
    const depth = (id: number | null | undefined): number => (id == null ? 0 : 1 + depth(parentOf.get(id)));
    expect(new Set(categories.map(category => depth(category.id)))).toEqual(new Set([1, 2, 3]));
    for (const { categoryId } of products) if (categoryId !== null) expect(depth(categoryId)).toBe(3);
  });

  test('has no value twice where the model wants it once', () => {
    for (const values of [
      products.map(product => product.sku),
      products.map(product => product.name),
      customers.map(customer => customer.email),
      orders.map(order => order.number),
      categories.map(category => category.slug),
    ]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  test('has barcodes with the right check digit', () => {
    const barcodes = products.map(product => product.barcode).filter(barcode => barcode !== null);
    const sum = (barcode: string) =>
      [...barcode].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
    expect(barcodes.filter(barcode => !/^\d{13}$/.test(barcode) || sum(barcode) % 10 !== 0)).toEqual([]);
  });

  test('has mail addresses that reach nobody', () => {
    const bad = customers.filter(({ email }) => !/^[a-z.-]+\d*@example\.(com|net|org)$/.test(email));
    expect(bad).toEqual([]);
  });

  test('has orders of one to six lines that add up to the cent', () => {
    const totals = sumBy(
      items,
      item => item.orderId,
      item => cents(item.price) * item.quantity,
    );
    const lines = sumBy(
      items,
      item => item.orderId,
      () => 1,
    );
    expect(orders.filter(order => totals.get(order.id) !== cents(order.total))).toEqual([]);
    expect(orders.filter(order => !(lines.get(order.id)! >= 1 && lines.get(order.id)! <= 6))).toEqual([]);
  });

  test('has stock levels that add up to the stock of each product', () => {
    const stock = sumBy(
      levels,
      level => level.productId,
      level => level.quantity,
    );
    expect(products.filter(product => (stock.get(product.id) ?? 0) !== product.stock)).toEqual([]);
  });

  test('counts movements beyond what a number can hold', () => {
    const large = levels.filter(level => BigInt(level.movements) > BigInt(Number.MAX_SAFE_INTEGER));
    expect(large.length).toBeGreaterThan(5);
    expect(large.some(level => String(Number(level.movements)) !== level.movements)).toBe(true);
  });

  test('happens in order: registered, then bought; listed, then sold; nothing after its own present', () => {
    const product = new Map(products.map(row => [row.id, row]));
    const customer = new Map(customers.map(row => [row.id, row]));
    const order = new Map(orders.map(row => [row.id, row]));
    const early = items.filter(
      item => product.get(item.productId)!.createdAt >= order.get(item.orderId)!.orderedAt,
    );
    expect(early).toEqual([]);
    expect(orders.filter(row => customer.get(row.customerId)!.createdAt > row.orderedAt)).toEqual([]);
    const times = [...products.map(row => row.updatedAt), ...orders.map(row => row.orderedAt)];
    expect(times.filter(time => Date.parse(time) > today)).toEqual([]);
  });

  test('leaves out now and then what may be missing', () => {
    const nullable = {
      Category: ['parentId'],
      Supplier: ['rating', 'since'],
      Product: ['description', 'cost', 'barcode', 'attributes', 'weight', 'categoryId', 'supplierId'],
      Collection: ['season'],
      DataSheet: ['preview'],
      Customer: ['phone', 'city'],
      Order: ['dueOn', 'note'],
      Warehouse: ['opensAt'],
      StockLevel: ['countedAt'],
    };
    for (const [table, names] of Object.entries(nullable)) {
      for (const name of names) {
        const values = rowsOf<Record<string, unknown>>(table).map(row => row[name]);
        expect.soft(values, `${table}.${name}`).toContain(null);
        expect
          .soft(
            values.some(value => value !== null),
            `${table}.${name}`,
          )
          .toBe(true);
      }
    }
  });

  test('has names that searches and exports must not trip over', () => {
    const names = products.map(product => product.name).join('\n');
    for (const part of ['%', '_', '"', "'", 'ß', '南部', '’', 'Ψ']) expect.soft(names).toContain(part);
    expect(products.some(product => /\p{Extended_Pictographic}/u.test(product.description ?? ''))).toBe(true);
    expect(products.some(product => product.description?.includes('\n'))).toBe(true);
  });
});

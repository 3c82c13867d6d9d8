// The data that is measured on: large enough that an index matters, the same in every run.

import type { Database } from '../../src/base/database/database.ts';

const productsWhole = 100_000;
const customersWhole = 5_000;
const ordersWhole = 20_000;

const makes = `ARRAY['Pine','Solid Oak','Steel','Linen','Copper','Bamboo','Wool','Ceramic','Recycled','Cast Iron','Walnut']`;
const things = `ARRAY['Table','Lamp','Chair','Kettle','Rug','Spade','Notebook','Backpack','Pan','Knife','Shelf','Mug','Drill']`;

const statementsFor = (productCount: number, customerCount: number, orderCount: number): string[] => [
  `INSERT INTO "Category" (slug, name) SELECT 'category-' || n, 'Category ' || n FROM generate_series(1, 60) n`,
  `INSERT INTO "Supplier" (code, name, country)
   SELECT 'S' || n, 'Supplier ' || n, 'DE' FROM generate_series(1, 60) n`,

  // 7919 has no factor in common with 100,003: every name is unique, and their order has nothing to do with the ids.
  `INSERT INTO "Product" (sku, name, description, price, cost, stock, barcode, tags, attributes, weight,
     "categoryId", "supplierId", "createdAt", "updatedAt")
   SELECT 'SKU-' || lpad(n::text, 6, '0'),
     (${makes})[1 + n % 11] || ' ' || (${things})[1 + n / 11 % 13] || ' ' || lpad((n * 7919::bigint % 100003)::text, 6, '0'),
     'A plain description of some eighty characters, as shops write them for product ' || n,
     (n * 104729::bigint % 99991 + 100) / 100.0, (n * 104729::bigint % 99991 + 100) / 180.0,
     CASE WHEN n % 9 = 0 THEN 0 ELSE n * 31::bigint % 9973 END,
     '27' || lpad(n::text, 11, '0'), ARRAY['bench', 'tag' || n % 20], jsonb_build_object('colour', n % 7, 'n', n),
     n % 400 / 10.0, 1 + n % 60, 1 + n % 59,
     timestamptz '2026-11-01' - n * interval '11 minutes', timestamptz '2026-11-01' - n * interval '7 minutes'
   FROM generate_series(1, ${productCount}) n`,

  `INSERT INTO "Customer" (number, name, email, city, country)
   SELECT 'C' || n, 'Customer ' || n, 'customer' || n || '@example.com', 'Hamburg', 'DE'
   FROM generate_series(1, ${customerCount}) n`,
  `INSERT INTO "Order" (number, status, total, "orderedAt", "customerId")
   SELECT 'O' || n, (enum_range(NULL::"OrderStatus"))[1 + n % 5], 0,
     timestamptz '2024-11-01' + n * interval '52 minutes', 1 + n * 17 % ${customerCount}
   FROM generate_series(1, ${orderCount}) n`,
  `INSERT INTO "OrderItem" ("orderId", "productId", quantity, price)
   SELECT o.id, p.id, 1 + o.id % 3, p.price
   FROM "Order" o CROSS JOIN generate_series(1, 1 + o.id % 5) line
   JOIN "Product" p ON p.id = 1 + (o.id * 1009 + line * 7717) % ${productCount}`,
  `UPDATE "Order" o SET total = s.total
   FROM (SELECT "orderId", sum(quantity * price) AS total FROM "OrderItem" GROUP BY "orderId") s WHERE s."orderId" = o.id`,
];

/**
 * Fills an empty, migrated database, and leaves it as a quiet server would: analysed, and with nothing for the vacuum to do.
 * @param share of the whole data
 */
export async function loadBenchData(database: Database, share = 1): Promise<void> {
  const counts = [productsWhole, customersWhole, ordersWhole].map(count => Math.ceil(count * share));
  await database.transaction(async session => {
    for (const statement of statementsFor(...(counts as [number, number, number])))
      await session.query(statement);
  });
  await database.query('VACUUM (ANALYZE)');
}

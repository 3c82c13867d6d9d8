import type { Random } from './random.ts';
import type { CustomerRow, OrderItemRow, OrderRow, OrderStatus, ProductRow } from './rows.ts';
import { day, dayMs, decimal, timestamp, today } from './values.ts';

const orderCount = 3000;
const spanDays = 730;

const notes = [
  'Please ring twice.',
  'Leave it with the neighbour, second floor.',
  'Gift wrap, no invoice in the box.',
  'Bitte nicht vor 10 Uhr.',
  "Don't send before the holidays!",
  'Rabatt 10 % wie besprochen.',
  'Merci ! 🙏',
  '置き配でお願いします。',
];

export interface Orders {
  readonly rows: readonly OrderRow[];
  readonly items: readonly OrderItemRow[];
}

/** @returns the orders in the order in which they came; nobody buys before registering, and nothing before it was listed */
export function createOrders(
  random: Random,
  customers: readonly CustomerRow[],
  products: readonly ProductRow[],
): Orders {
  const times = Array.from(
    { length: orderCount },
    () => today - Math.floor(random.next() * spanDays * dayMs),
  );
  const items: OrderItemRow[] = [];
  const rows = times
    .sort((a, b) => a - b)
    .map((time, at) => {
      const bought = fillBasket(random, {
        orderId: at + 1,
        itemsBefore: items.length,
        orderedAt: timestamp(time),
        products,
      });
      items.push(...bought);
      return createOrder(random, { id: at + 1, time, items: bought, customers });
    });
  return { rows, items };
}

function fillBasket(
  random: Random,
  {
    orderId,
    itemsBefore,
    orderedAt,
    products,
  }: {
    readonly orderId: number;
    readonly itemsBefore: number;
    readonly orderedAt: string;
    readonly products: readonly ProductRow[];
  },
): OrderItemRow[] {
  const wanted = Array.from({ length: random.whole(1, 6) }, () => drawProduct(random, orderedAt, products));
  return [...new Set(wanted)].map((product, at) => ({
    id: itemsBefore + at + 1,
    orderId,
    productId: product.id,
    quantity: random.chance(0.6) ? 1 : random.whole(2, 12),
    price: decimal(paidPrice(random, cents(product.price)), 2),
  }));
}

/** The product of two chances makes low ids sell better: a shop lives on few of its products. */
function drawProduct(random: Random, orderedAt: string, products: readonly ProductRow[]): ProductRow {
  for (;;) {
    const product = products[Math.floor(random.next() * random.next() * products.length)]!;
    if (product.active && product.createdAt < orderedAt) return product;
  }
}

/** Prices were a little lower in the past, now and then. */
const paidPrice = (random: Random, now: number): number =>
  random.chance(0.2) ? Math.round(now * random.pick([0.9, 0.95, 0.97])) : now;

const cents = (price: string): number => Number(price.replace('.', ''));

function createOrder(
  random: Random,
  {
    id,
    time,
    items,
    customers,
  }: {
    readonly id: number;
    readonly time: number;
    readonly items: readonly OrderItemRow[];
    readonly customers: readonly CustomerRow[];
  },
): OrderRow {
  const total = items.reduce((sum, item) => sum + cents(item.price) * item.quantity, 0);
  return {
    id,
    number: `${timestamp(time).slice(0, 4)}-${String(id).padStart(6, '0')}`,
    status: statusAfter(random, (today - time) / dayMs),
    total: decimal(total, 2),
    orderedAt: timestamp(time),
    dueOn: random.chance(0.2) ? null : day(time + random.whole(2, 21) * dayMs),
    note: random.chance(0.88) ? null : random.pick(notes),
    customerId: random.pick(knownBy(customers, timestamp(time))).id,
  };
}

/** @param customers in the order in which they came */
function knownBy(customers: readonly CustomerRow[], orderedAt: string): readonly CustomerRow[] {
  const next = customers.findIndex(customer => customer.createdAt > orderedAt);
  return next < 0 ? customers : customers.slice(0, next);
}

function statusAfter(random: Random, days: number): OrderStatus {
  if (random.chance(0.06)) return 'CANCELLED';
  if (days < 3) return random.pick(['PENDING', 'PENDING', 'PAID']);
  if (days < 10) return random.pick(['PENDING', 'PAID', 'SHIPPED', 'SHIPPED']);
  if (days < 25) return random.pick(['PAID', 'SHIPPED', 'DELIVERED', 'DELIVERED']);
  return random.chance(0.01) ? 'PENDING' : 'DELIVERED';
}

import type { Random } from './random.ts';
import type { ProductRow, StockLevelRow, WarehouseRow } from './rows.ts';
import { dayMs, timestamp, today } from './values.ts';

export const warehouses: readonly WarehouseRow[] = [
  { id: 1, code: 'HAM', name: 'Hafenlager', city: 'Hamburg', opensAt: '06:30:00' },
  { id: 2, code: 'LYS', name: 'Entrepôt du Rhône', city: 'Lyon', opensAt: '08:00:00' },
  { id: 3, code: 'GDN', name: 'Magazyn Północ', city: 'Gdańsk', opensAt: '07:15:30' },
  { id: 4, code: 'RET', name: 'Returns', city: 'Bremen', opensAt: null },
];

/** Counters of movements grow beyond what a JavaScript number can hold exactly; some of ours do too. */
const beyondNumbers = 2n ** 53n;

/** @returns levels whose quantities add up to each product's stock */
export function createStockLevels(random: Random, products: readonly ProductRow[]): StockLevelRow[] {
  return products.flatMap(product => {
    if (product.stock === 0 && random.chance(0.5)) return [];
    const places = random.some(warehouses, random.whole(1, 3));
    const quantities = split(random, product.stock, places.length);
    return places.map((place, at) => createLevel(random, place.id, product, quantities[at]!));
  });
}

/** @returns so many parts that add up to the whole */
function split(random: Random, whole: number, parts: number): number[] {
  const cuts = Array.from({ length: parts - 1 }, () => random.whole(0, whole)).sort((a, b) => a - b);
  return [...cuts, whole].map((cut, at) => cut - (at === 0 ? 0 : cuts[at - 1]!));
}

function createLevel(
  random: Random,
  warehouseId: number,
  product: ProductRow,
  quantity: number,
): StockLevelRow {
  const movements = BigInt(quantity + random.whole(0, 4000));
  return {
    warehouseId,
    productId: product.id,
    quantity,
    movements: String(random.chance(0.004) ? beyondNumbers + movements * 2n + 1n : movements),
    countedAt: random.chance(0.2) ? null : timestamp(today - Math.floor(random.next() * 365 * dayMs)),
  };
}

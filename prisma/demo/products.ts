import type { Categories } from './categories.ts';
import type { Department, Kind } from './departments/department.ts';
import { departments } from './departments/index.ts';
import type { Random } from './random.ts';
import type { ProductRow } from './rows.ts';
import { type SpecialProduct, specialProducts } from './special-products.ts';
import { dayMs, decimal, shopBarcode, timestamp, today } from './values.ts';

const perKind = 95;
/** Age of the oldest product, in days. */
const oldestDays = 1800;

type Written = Omit<SpecialProduct, 'code'>;

/** @returns every product, mixed over the kinds, since a shop's ids do not follow its shelves */
export function createProducts(random: Random, categories: Categories, supplierCount: number): ProductRow[] {
  const drafts = departments.flatMap(department =>
    department.groups.flatMap(group => group.kinds.flatMap(kind => draftsOf(random, department, kind))),
  );
  return random
    .some(drafts, drafts.length)
    .map(({ kind, written }, at) =>
      complete(random, { id: at + 1, kind, written, categories, supplierCount }),
    );
}

interface Draft {
  readonly kind: Kind;
  readonly written: Written;
}

function draftsOf(random: Random, department: Department, kind: Kind): Draft[] {
  const byName = new Map<string, Written>();
  for (const { code, ...written } of specialProducts)
    if (code === kind.code) byName.set(written.name, written);
  while (byName.size < perKind) {
    const written = invent(random, department, kind);
    byName.set(written.name, written);
  }
  return [...byName.values()].map(written => ({ kind, written }));
}

function invent(random: Random, department: Department, kind: Kind): Written {
  const item = random.pick(kind.items);
  const style = random.whole(0, kind.styles.length - 1);
  const size = random.whole(0, kind.sizes.length - 1);
  // How far between the cheapest and the dearest: the size counts most, then the material, then chance.
  const rank = 0.5 * share(size, kind.sizes) + 0.3 * share(style, kind.styles) + 0.2 * random.next();
  const cents = shopPrice(random, kind.price[0] + (kind.price[1] - kind.price[0]) * rank * Math.sqrt(rank));
  return {
    name: `${random.pick(department.lines)} ${kind.styles[style]} ${item}, ${kind.sizes[size]}`,
    description: random.chance(0.06)
      ? null
      : describe(random, department, kind, `${kind.styles[style]} ${item.toLowerCase()}`),
    price: decimal(cents, 2),
    cost: random.chance(0.05) ? null : decimal(Math.round(cents * 100 * (0.38 + 0.3 * random.next())), 4),
    stock: random.chance(0.12) ? 0 : Math.ceil((skewed(random) * 90_000) / (cents / 100 + 20)),
    tags: random.chance(0.1) ? [] : random.some(department.tags, random.whole(1, 4)),
    attributes: random.chance(0.07)
      ? null
      : attributesOf(random, kind, kind.styles[style]!, kind.sizes[size]!),
    weight: random.chance(0.08) ? null : round(kind.weight[0] + (kind.weight[1] - kind.weight[0]) * rank, 3),
  };
}

/** @returns from 0 up to 1, small numbers far more often than large ones */
const skewed = (random: Random): number => random.next() * random.next() * random.next();

const share = (at: number, items: readonly unknown[]): number => at / Math.max(1, items.length - 1);

const round = (value: number, places: number): number => Number(value.toFixed(places));

/** @returns cents that end as prices in shops do */
function shopPrice(random: Random, euros: number): number {
  const whole = Math.max(1, Math.round(euros)) * 100;
  if (euros >= 200) return whole - 100;
  return whole - random.pick([1, 5, 10, 50, 0]);
}

function describe(random: Random, department: Department, kind: Kind, subject: string): string {
  const opening = `${subject} ${random.pick(kind.uses)}.`;
  return random.chance(0.2) ? opening : `${opening} ${random.pick(department.care)}`;
}

function attributesOf(random: Random, kind: Kind, style: string, size: string): Record<string, unknown> {
  const facts = Object.entries(kind.facts).filter(() => random.chance(0.85));
  const chosen = Object.fromEntries(facts.map(([name, values]) => [name, random.pick(values)]));
  return { material: style, size, ...chosen };
}

function complete(
  random: Random,
  {
    id,
    kind,
    written,
    categories,
    supplierCount,
  }: {
    readonly id: number;
    readonly kind: Kind;
    readonly written: Written;
    readonly categories: Categories;
    readonly supplierCount: number;
  },
): ProductRow {
  const createdAt = today - random.whole(20, oldestDays) * dayMs - random.whole(0, dayMs - 1);
  return {
    id,
    sku: `${kind.code}-${10_000 + id}`,
    ...written,
    barcode: random.chance(0.08) ? null : shopBarcode(id * 7919),
    active: !random.chance(0.04),
    categoryId: random.chance(0.01) ? null : categories.idOf.get(kind)!,
    supplierId: random.chance(0.02) ? null : random.whole(1, supplierCount),
    createdAt: timestamp(createdAt),
    updatedAt: timestamp(
      random.chance(0.4) ? createdAt : createdAt + Math.floor(random.next() * (today - createdAt)),
    ),
  };
}

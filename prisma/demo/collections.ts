import type { Random } from './random.ts';
import type { CollectionProductRow, CollectionRow, ProductRow } from './rows.ts';
import { slug } from './values.ts';

type Season = CollectionRow['season'];

/** Name, season, and the tags that bring a product in. */
const collections: readonly (readonly [string, Season, readonly string[]])[] = [
  ['Spring on the Balcony', 'SPRING', ['balcony', 'bees', 'vegetables']],
  ['Easter Breakfast', 'SPRING', ['breakfast', 'baking']],
  ['Long Summer Evenings', 'SUMMER', ['outdoor', 'camping']],
  ['Away for the Weekend', 'SUMMER', ['hiking', 'lightweight']],
  ['Back to School', 'AUTUMN', ['school', 'writing']],
  ['Harvest & Preserve', 'AUTUMN', ['organic', 'cooking']],
  ['Hygge – Gemütlich', 'WINTER', ['living', 'scandinavian']],
  ["Winter's Table", 'WINTER', ['gift', 'vegan']],
  ['Everything Repairable', null, ['repair', 'craft']],
  ['Small Spaces', null, ['small-spaces', 'minimal']],
  ['Fair & Square', null, ['fair-trade', 'fsc', 'recycled']],
  ['職人の手 – Made by Hand', null, ['handmade', 'professional']],
];

export interface Collections {
  readonly rows: readonly CollectionRow[];
  readonly members: readonly CollectionProductRow[];
}

/** @returns the collections, each with some of the products that carry its tags */
export function createCollections(random: Random, products: readonly ProductRow[]): Collections {
  const rows = collections.map(([name, season], at) => ({ id: at + 1, slug: slug(name), name, season }));
  const members = collections.flatMap(([, , tags], at) =>
    products
      .filter(
        product => product.active && tags.some(tag => product.tags.includes(tag)) && random.chance(0.14),
      )
      .map(product => ({ A: at + 1, B: product.id })),
  );
  return { rows, members };
}

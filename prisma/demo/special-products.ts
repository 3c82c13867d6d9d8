// Products written by hand, for what a real catalogue has and word lists do not: other scripts, quotes, per cent, long text, nothing at all.

import type { ProductRow } from './rows.ts';

/** The kind's code stands in place of the category, and opens the sku. */
export interface SpecialProduct
  extends Pick<
    ProductRow,
    'name' | 'description' | 'price' | 'cost' | 'stock' | 'tags' | 'attributes' | 'weight'
  > {
  readonly code: string;
}

export const specialProducts: readonly SpecialProduct[] = [
  {
    code: 'TEA',
    name: '南部鉄器 Cast Iron Teapot 0.8 l',
    description: '鉄瓶は盛岡で手作りされています。Holds the heat through three infusions.',
    price: '128.00',
    cost: '61.5000',
    stock: 14,
    tags: ['gift', 'handmade'],
    attributes: { origin: '岩手県', litres: 0.8, care: { dishwasher: false, dry: 'at once' } },
    weight: 1.45,
  },
  {
    code: 'CHO',
    name: 'Dark Chocolate 85 % with Orange',
    description: '85 % cocoa, 15 % everything else. Snaps loudly. 🍫🍊',
    price: '4.20',
    cost: '1.8850',
    stock: 860,
    tags: ['vegan', 'organic', '100 %'],
    attributes: { cocoaPercent: 85, vegan: true, allergens: [], nutrition: { fat: 46.2, sugar: 14.1 } },
    weight: 0.08,
  },
  {
    code: 'KNF',
    name: 'Baker\'s Lame "L\'Éclair"',
    description: "A baker's blade for scoring. The razor is held by a screw; it's changed in seconds.",
    price: '17.90',
    cost: '7.1200',
    stock: 43,
    tags: ['baking', 'professional'],
    attributes: { handle: 'olive', blades: 5 },
    weight: 0.03,
  },
  {
    code: 'COF',
    name: 'Café Zürich Größe 1 – Kännchen & Röstung',
    description: 'Süß, nussig, mit einem Hauch Kirsche. Geröstet in Zürich-Wiedikon.',
    price: '24.50',
    cost: '13.0000',
    stock: 75,
    tags: ['gift', 'breakfast'],
    attributes: { roast: 'medium', arabicaPercent: 100, organic: true },
    weight: 0.62,
  },
  {
    code: 'BAL',
    name: '羽毛球套裝 Badminton Set for Four',
    description: null,
    price: '49.00',
    cost: '22.3333',
    stock: 0,
    tags: [],
    attributes: { pieces: 4, indoor: true },
    weight: 1.2,
  },
  {
    code: 'NTB',
    name: 'Carnet à idées « L’Été »',
    description: 'For ideas that come at night ✨\nSecond line: it has a pocket.\tAnd a tab.',
    price: '12.00',
    cost: null,
    stock: 310,
    tags: ['gift', 'writing'],
    attributes: { ruling: 'dotted', pages: 144 },
    weight: 0.24,
  },
  {
    code: 'FIX',
    name: 'Wood Screw 5 × 80 mm, 1/4" Head, 100 % Stainless_A4',
    description:
      'The name has a quote, a per cent sign and an underscore: searches must take them as they are.',
    price: '0.35',
    cost: '0.0815',
    stock: 48000,
    tags: ['din'],
    attributes: { diameterMm: 5, lengthMm: 80, drive: 'TX25' },
    weight: 0.0112,
  },
  {
    code: 'DSK',
    name: 'Directors’ Desk, Bog Oak, 400 × 160 cm',
    description:
      'Made to order from oak that lay five thousand years under a river. Delivery takes nine weeks.',
    price: '18490.00',
    cost: '9875.5000',
    stock: 1,
    tags: ['handmade', 'fsc'],
    attributes: { heightAdjustable: false, warrantyYears: 25, certificate: null },
    weight: 212.5,
  },
  {
    code: 'SED',
    name: 'Free Sample: Marigold Seeds',
    description: 'One sachet per parcel, as long as there are any.',
    price: '0.00',
    cost: '0.1500',
    stock: 5000,
    tags: ['bees'],
    attributes: null,
    weight: 0.002,
  },
  {
    code: 'APP',
    name: 'Ψηστιέρα Sandwich Toaster 700 W',
    description: 'Για δύο τοστ. Ελληνικό εγχειρίδιο.',
    price: '39.90',
    cost: '18.0000',
    stock: 27,
    tags: ['breakfast'],
    attributes: { voltage: 230, colour: 'steel' },
    weight: null,
  },
];

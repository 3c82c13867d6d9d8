// How the shop is described: departments of groups of kinds. Every kind is a leaf category with its own words.

export interface Department {
  readonly name: string;
  /** Lines that a product may belong to: `Nordby Solid Oak Dining Table`. */
  readonly lines: readonly string[];
  /** Closing sentences of descriptions. */
  readonly care: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly Group[];
}

interface Group {
  readonly name: string;
  readonly kinds: readonly Kind[];
}

export interface Kind {
  readonly name: string;
  /** Three letters that start the skus. */
  readonly code: string;
  readonly items: readonly string[];
  /** Material or make, from the cheapest to the dearest. */
  readonly styles: readonly string[];
  /** From the smallest to the largest. */
  readonly sizes: readonly string[];
  /** What follows `A solid oak dining table`. */
  readonly uses: readonly string[];
  /** Of the cheapest and the dearest, in euros. */
  readonly price: readonly [number, number];
  /** Of the lightest and the heaviest, in kilograms. */
  readonly weight: readonly [number, number];
  /** Further attributes, each with its possible values. */
  readonly facts: Readonly<Record<string, readonly (string | number | boolean)[]>>;
}

export interface ReadAnswer {
  /** JSON: an array for cardinality `many`, an object or `null` for `one`. */
  readonly text: string;
  /** All rows that meet the condition, when the query asks to count. */
  readonly count?: number;
  /** Where the next page begins, as a cursor for `after`, when the query asks for it and there is one. */
  readonly next?: string;
  /** Rows in the list. */
  readonly rows: number;
  /** Output paths (`products`, `orders.items`) of the lists that the default `take` cut, relative to the query; '' is its own. */
  readonly truncated: readonly string[];
}

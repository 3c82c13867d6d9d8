export interface ReadAnswer {
  /** JSON: an array for cardinality `many`, an object or `null` for `one`. */
  readonly text: string;
  /** The number of rows that match the condition, if the query requests a count. */
  readonly count?: number;
  /** A cursor for `after` where the next page begins, if the query requests it and there is a next page. */
  readonly next?: string;
  /** The number of rows in the list. */
  readonly rows: number;
  /** Output paths (`products`, `orders.items`) of the lists that the default `take` truncated, relative to the query; '' is the root list. */
  readonly truncated: readonly string[];
}

/** A page of a list, its rows apart. */
export interface RowsAnswer<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
  /** Output paths of the nested lists that were cut, as in `ReadAnswer`. */
  readonly truncated: readonly string[];
}

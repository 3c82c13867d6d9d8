/** The share of the budget that a row has for its nested lists. */
export interface Share {
  /** The minimum, however many other rows there are. */
  readonly least: number;
  /** The actual share, as an SQL expression over the row. Absent if the minimum is enough for every row. */
  readonly sql?: string;
  /** The total that its lists need. */
  readonly need: number;
}

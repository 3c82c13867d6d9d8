/** What a row has for the lists below it. */
export interface Share {
  /** At the least, whatever other rows there are. */
  readonly least: number;
  /** What it really is: an expression over the row. Absent where all get by with the least. */
  readonly sql?: string;
  /** What all its lists need. */
  readonly need: number;
}

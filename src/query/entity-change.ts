// EntityChange: a write to one entity as plain frozen data.

/** Upserts of rows by a key: all columns and all rows in one statement a batch. */
export interface EntityUpsert {
  readonly kind: 'upsert';
  /** The model's name: `Product`. */
  readonly entity: string;
  /** Names of the columns that the rows give. */
  readonly fields: readonly string[];
  /** Names of the fields that tell whether a row exists: the natural key. */
  readonly match: readonly string[];
  /** Which rows may be met: new ones (`insert`), those that exist (`update`), or, by default, both. */
  readonly mode?: ChangeMode;
  /** Those of `fields` whose null stands for the column's default. */
  readonly defaulted?: readonly string[];
  /** Values in PostgreSQL's text format, in the order of `fields`; a list as an array literal, bytes as `\x…`. */
  readonly rows: readonly ChangeRow[];
}

export type ChangeMode = 'upsert' | 'insert' | 'update';

export type ChangeRow = readonly (string | null)[];

export type EntityChange = EntityUpsert;

export interface ChangeCounts {
  readonly inserted: number;
  readonly updated: number;
}

// EntityChange: a write to one entity as plain frozen data, independent of HTTP, GraphQL and OData.

import type { Selection } from './entity-query.ts';
import type { Expr, Literal } from './expression.ts';

export type EntityChange = InsertChange | UpsertChange | UpdateChange | DeleteChange;

interface InsertChange {
  readonly kind: 'insert';
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly rows: readonly ChangeData[];
  readonly at?: number;
}

/** Inserts rows, or updates them where a row with the same natural key exists. The rows cannot have links. */
interface UpsertChange {
  readonly kind: 'upsert';
  readonly entity: string;
  readonly rows: readonly ChangeData[];
  readonly at?: number;
}

interface UpdateChange {
  readonly kind: 'update';
  readonly entity: string;
  readonly target: ChangeTarget;
  readonly data: ChangeData;
  /** Whether fields that `data` leaves out are reset to their default or null, if the caller may write them. */
  readonly replace?: boolean;
  /** Update only if the row still has this version. */
  readonly ifVersion?: string;
  readonly at?: number;
}

interface DeleteChange {
  readonly kind: 'delete';
  readonly entity: string;
  readonly target: ChangeTarget;
  readonly ifVersion?: string;
  readonly at?: number;
}

/** One row, which must exist, or all rows that match a condition (all rows if it is absent). With `where`, links are not allowed. */
export type ChangeTarget =
  | { readonly kind: 'key'; readonly key: ChangeKey }
  | { readonly kind: 'where'; readonly where?: Expr };

/** The values and links to write to a row. */
export interface ChangeData {
  /** Its path in the caller's input, for error messages: `data`, `data[3]`, `data.items.create[0]`. */
  readonly path: string;
  readonly values: readonly ChangeValue[];
  readonly links?: readonly ChangeLink[];
  readonly at?: number;
}

export interface ChangeValue {
  readonly field: string;
  readonly literal: Literal;
}

/** The values of a primary or unique key. */
export interface ChangeKey {
  readonly path: string;
  readonly values: readonly ChangeValue[];
  readonly at?: number;
}

/** A nested write through a relation. */
export interface ChangeLink {
  readonly relation: string;
  readonly path: string;
  /** Related rows to insert. */
  readonly create?: readonly ChangeData[];
  /** Existing rows to link. */
  readonly connect?: readonly ChangeKey[];
  /** `true` unlinks the row that a to-one relation points to. */
  readonly disconnect?: true | readonly ChangeKey[];
  /** Many-to-many only: link exactly these rows. */
  readonly set?: readonly ChangeKey[];
  readonly at?: number;
}

/** A change, and what to return of the affected rows. */
export interface ChangeRequest {
  readonly change: EntityChange;
  /** Read after the change, or before it for deleted rows. Absent: the answer is the number of rows. */
  readonly select?: readonly Selection[];
  /** The variable by which paths inside `select` refer to the row. */
  readonly variable?: string;
  /** Whether to return the one row as an object instead of a list. */
  readonly one?: boolean;
}

/** An upsert of rows by key that were already checked: one statement per batch writes all columns and rows. */
export interface EntityUpsert {
  readonly kind: 'upsert';
  /** The model's name: `Product`. */
  readonly entity: string;
  /** Names of the fields that the rows have values for. */
  readonly fields: readonly string[];
  /** Names of the fields that identify an existing row: the natural key. */
  readonly match: readonly string[];
  /** Whether rows may be new (`insert`), existing (`update`), or both (the default). */
  readonly mode?: ChangeMode;
  /** The `fields` where null means the column's default. */
  readonly defaulted?: readonly string[];
  /** The `fields` whose values were generated for new rows. Existing rows keep theirs. */
  readonly made?: readonly string[];
  /** Indexes of the rows in locking order, if it differs from theirs. */
  readonly order?: readonly number[];
  /** Values in PostgreSQL's text format, in the order of `fields`; a list as an array literal, bytes as `\x…`. */
  readonly rows: readonly ChangeRow[];
}

export type ChangeMode = 'upsert' | 'insert' | 'update';

export type ChangeRow = readonly (string | null)[];

export interface ChangeCounts {
  readonly inserted: number;
  readonly updated: number;
}

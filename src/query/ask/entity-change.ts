// EntityChange: a write to one entity as plain frozen data. It knows no request, no GraphQL and no OData.

import type { Selection } from './entity-query.ts';
import type { Expr, Literal } from './expression.ts';

export type EntityChange = InsertChange | UpsertChange | UpdateChange | DeleteChange;

/** New rows. */
interface InsertChange {
  readonly kind: 'insert';
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly rows: readonly ChangeData[];
  readonly at?: number;
}

/** Rows that are new, or changed where a row with their natural key exists. They take no links. */
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
  /** Whether what `data` leaves out goes back to its default, or to null, as far as the caller may write it. */
  readonly replace?: boolean;
  /** Only if the row still has this version. */
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

/** One row, which must exist, or all rows that meet a condition (without one: all). The latter take no links. */
export type ChangeTarget =
  | { readonly kind: 'key'; readonly key: ChangeKey }
  | { readonly kind: 'where'; readonly where?: Expr };

/** What a row is to hold. */
export interface ChangeData {
  /** Where the caller wrote it, for what is wrong with it: `data`, `data[3]`, `data.items.create[0]`. */
  readonly path: string;
  readonly values: readonly ChangeValue[];
  readonly links?: readonly ChangeLink[];
  readonly at?: number;
}

export interface ChangeValue {
  readonly field: string;
  readonly literal: Literal;
}

/** The values of one way to tell a row from all others: the primary key, or a unique one. */
export interface ChangeKey {
  readonly path: string;
  readonly values: readonly ChangeValue[];
  readonly at?: number;
}

/** What is written along a relation. */
export interface ChangeLink {
  readonly relation: string;
  readonly path: string;
  /** New rows at the other end. */
  readonly create?: readonly ChangeData[];
  /** Rows that exist. */
  readonly connect?: readonly ChangeKey[];
  /** `true` for whatever a to-one relation leads to. */
  readonly disconnect?: true | readonly ChangeKey[];
  /** Of a relation of many to many: these and no others. */
  readonly set?: readonly ChangeKey[];
  readonly at?: number;
}

/** A change, and what to answer of the rows that it touches. */
export interface ChangeRequest {
  readonly change: EntityChange;
  /** Read after the change, or, of rows that it deletes, before. Where absent, the answer is the number of rows. */
  readonly select?: readonly Selection[];
  /** What the paths of queries inside `select` call the row. */
  readonly variable?: string;
  /** Whether the answer is the object of the one row, rather than a list. */
  readonly one?: boolean;
}

/** Upserts of rows by a key, checked beforehand: all columns and all rows in one statement a batch. */
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
  /** Those of `fields` whose values are made up for new rows, so that rows that exist keep theirs. */
  readonly made?: readonly string[];
  /** Places of the rows in the order in which they are locked, where it is another than theirs. */
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

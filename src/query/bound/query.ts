// A query after the check: plain data with every name resolved against the catalog and every value typed.

import type {
  ColumnField,
  Entity,
  FunctionField,
  RelationField,
  SqlField,
  ValueField,
} from '../../catalog/catalog.ts';
import type { ConnectionMember, Continuation, EdgeMember } from '../ask/entity-query.ts';
import type { BoundRelatedAggregate } from './aggregate.ts';
import type { Bound, BoundCount, BoundOrder, Source, TypedBound } from './expression.ts';

export interface BoundQuery {
  readonly source: Source & { readonly entity: Entity };
  readonly select: readonly BoundSelection[];
  /** JSON: rows to read instead of the stored ones. */
  readonly sourceRows?: string;
  readonly where?: Bound;
  readonly orderBy: readonly BoundOrder[];
  /** Maximum number of rows. */
  readonly take: number;
  /** Whether `take` is the default, so that truncation must be reported. */
  readonly takeIsDefault: boolean;
  readonly skip: number;
  readonly cardinality: 'many' | 'one';
  readonly count: boolean;
  /** Present if the list is read with cursors. */
  readonly page?: BoundPage;
  /** The same selections as in `select`, for each list of the connection. */
  readonly connection?: readonly BoundConnectionMember[];
  /** The share of the answer's limits that its rows need. */
  readonly need: RowNeed;
  /** Where to read the rest of a truncated nested list. */
  readonly continuation?: Continuation;
}

/** Shares of the answer's limits, which add up to 1: see check/row-budget.ts. */
export interface RowNeed {
  /** For the row itself. */
  readonly row: number;
  /** For the related rows of a row, at least. */
  readonly below: number;
  /** Whether the list may be truncated below `take` if there would be too many rows. */
  readonly flexible: boolean;
  /** Root query only: the total to share. */
  readonly budget: number;
}

export interface BoundPage {
  /** The tag that cursors for this list and order contain. */
  readonly order: string;
  /** The sort keys of the row that precedes the page. */
  readonly after?: readonly (string | null)[];
  readonly before?: readonly (string | null)[];
  readonly backward: boolean;
  readonly next: boolean;
  /** How many rows are left of a list with a `limit`. */
  readonly left?: number;
}

export type BoundConnectionMember =
  | Exclude<ConnectionMember, { kind: 'edges' | 'nodes' }>
  | { readonly kind: 'edges'; readonly as: string; readonly edge: readonly BoundEdgeMember[] }
  | { readonly kind: 'nodes'; readonly as: string; readonly select: readonly BoundSelection[] };

export type BoundEdgeMember =
  | Exclude<EdgeMember, { kind: 'node' }>
  | { readonly kind: 'node'; readonly as: string; readonly select: readonly BoundSelection[] };

export type BoundSelection =
  | { readonly kind: 'column'; readonly as: string; readonly field: ColumnField | SqlField }
  | { readonly kind: 'function'; readonly as: string; readonly field: FunctionField }
  | { readonly kind: 'constant'; readonly as: string; readonly value: string }
  | {
      readonly kind: 'relation';
      readonly as: string;
      readonly relation: RelationField;
      readonly query: BoundQuery;
    }
  | { readonly kind: 'count'; readonly as: string; readonly count: BoundCount }
  | { readonly kind: 'value'; readonly as: string; readonly value: TypedBound }
  | { readonly kind: 'version'; readonly as: string }
  | BoundRelatedAggregate;

/** A field, relation or set that a query refers to, for `access` to decide on. */
export interface Reference {
  readonly entity: Entity;
  /** Absent: the reference is to the set itself. */
  readonly field?: ValueField | RelationField;
  readonly at?: number;
}

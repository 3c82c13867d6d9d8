// A query after check: every name is resolved against the catalog and every value has a type. Plain data again.

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
  /** JSON: rows to be read in place of those that are stored. */
  readonly given?: string;
  readonly where?: Bound;
  readonly orderBy: readonly BoundOrder[];
  /** Rows at the most. */
  readonly take: number;
  /** Whether `take` is the default, so that a cut has to be told. */
  readonly takeIsDefault: boolean;
  readonly skip: number;
  readonly cardinality: 'many' | 'one';
  readonly count: boolean;
  /** Of a list that is read by cursors. */
  readonly page?: BoundPage;
  /** What `select` has is selected in here, list by list. */
  readonly connection?: readonly BoundConnectionMember[];
  /** What its rows take of what an answer may have. */
  readonly need: RowNeed;
  /** Tells where the rest of a nested list is, where that was cut. */
  readonly continuation?: Continuation;
}

/** Shares of what an answer may have, all of which is 1: see row-budget.ts. */
export interface RowNeed {
  /** Of a row itself. */
  readonly row: number;
  /** Of the related rows of a row, at the least. */
  readonly below: number;
  /** Whether the list may have fewer rows than `take` where there would be too many. */
  readonly flexible: boolean;
  /** At the root: what there is to share. */
  readonly budget: number;
}

export interface BoundPage {
  /** What cursors of this list and order carry. */
  readonly order: string;
  /** The keys of the row that the page's rows come behind. */
  readonly after?: readonly (string | null)[];
  readonly before?: readonly (string | null)[];
  readonly backward: boolean;
  readonly next: boolean;
  /** Rows of the list from here on, where it ends before the rows do. */
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
  /** Absent: the set itself. */
  readonly field?: ValueField | RelationField;
  readonly at?: number;
}

// EntityQuery: a read of one entity as plain frozen data. It knows no request, no GraphQL and no OData.

import type { RelatedAggregateSelection } from './aggregate-query.ts';
import type { Expr } from './expression.ts';

export interface EntityQuery {
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly select: readonly Selection[];
  readonly where?: Expr;
  readonly orderBy?: readonly OrderTerm[];
  /** Rows at the most; absent: the default, and the answer says when it cut the list. */
  readonly take?: number;
  readonly skip?: number;
  /** `many` answers a JSON array, `one` an object or null. */
  readonly cardinality: 'many' | 'one';
  /** Whether to count all rows that meet the condition, whatever the page. Only at the root. */
  readonly count?: 'none' | 'exact';
  readonly at?: number;
}

export type Selection =
  | FieldSelection
  | RelationSelection
  | CountSelection
  | RelatedAggregateSelection
  | ConstantSelection;

/** A column or computed field, under the name `as` in the answer. */
export interface FieldSelection {
  readonly kind: 'field';
  readonly field: string;
  readonly as: string;
  readonly at?: number;
}

/** Related rows: `query.entity` must be the relation's target. To-one relations take no page and no order. */
export interface RelationSelection {
  readonly kind: 'relation';
  readonly relation: string;
  readonly as: string;
  readonly query: EntityQuery;
  readonly at?: number;
}

/** The number of related rows that meet a condition. */
export interface CountSelection {
  readonly kind: 'count';
  readonly relation: string;
  readonly as: string;
  readonly where?: Expr;
  readonly at?: number;
}

/** A value known before any row is read, such as `__typename`. */
export interface ConstantSelection {
  readonly kind: 'constant';
  readonly as: string;
  readonly value: string;
}

export interface OrderTerm {
  readonly by: Expr;
  readonly direction: 'asc' | 'desc';
  /** Where missing values go. Default: missing is the lowest, so first when ascending and last when descending. */
  readonly nulls?: 'first' | 'last';
  readonly at?: number;
}

// AggregateQuery: aggregates over the rows of one entity, as a whole or by group, as plain frozen data.

import type { ConstantSelection } from './constant-selection.ts';
import type { AggregateFunction, Expr } from './expression.ts';
import type { OrderTerm } from './order-term.ts';

/**
 * Rows that match `where` are grouped by `groupBy` and aggregated; groups that match `having` are then sorted and paged.
 * Paths in `having` and `orderBy` are the names of keys and aggregates: `path(['total'])`.
 */
export interface AggregateQuery {
  readonly kind: 'aggregate';
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly where?: Expr;
  /** Absent or empty: all rows form one group, which exists even when there are no rows. */
  readonly groupBy?: readonly GroupKey[];
  readonly aggregates: readonly NamedAggregate[];
  readonly having?: Expr;
  /** Ties are sorted by the group keys. */
  readonly orderBy?: readonly OrderTerm[];
  /** Maximum number of groups. Absent: the default applies, and the answer says when it truncated the list. */
  readonly take?: number;
  readonly skip?: number;
  readonly select: readonly AggregateOutput[];
  /** `many` returns a JSON array; `one` returns the first group as an object, or null. */
  readonly cardinality: 'many' | 'one';
  readonly at?: number;
}

/** A value that all rows of a group share: a field, a field through to-one relations, a part of a date, or any other Expr. */
export interface GroupKey {
  readonly name: string;
  readonly by: Expr;
  readonly at?: number;
}

/** One value computed from many rows. Missing values are ignored; if there are no others, every aggregate except a count is missing. */
export interface NamedAggregate {
  readonly name: string;
  readonly function: AggregateFunction;
  /** Required except for `count`, which then counts rows. */
  readonly of?: Expr;
  readonly at?: number;
}

/** What to return for each group, and in which shape. */
export type AggregateOutput = AggregateValue | AggregateObject | ConstantSelection;

interface AggregateValue {
  readonly kind: 'value';
  /** The name of a key or an aggregate. */
  readonly of: string;
  readonly as: string;
}

interface AggregateObject {
  readonly kind: 'object';
  readonly as: string;
  readonly select: readonly AggregateOutput[];
  /** The name of a Boolean key; where it is false, the answer has null instead of the object. */
  readonly presentWhere?: string;
}

/** Aggregates over the rows of a to-many relation, as part of an EntityQuery's selection. */
export interface RelatedAggregateSelection {
  readonly kind: 'aggregate';
  readonly relation: string;
  readonly as: string;
  readonly where?: Expr;
  readonly aggregates: readonly NamedAggregate[];
  readonly select: readonly AggregateOutput[];
  readonly at?: number;
}

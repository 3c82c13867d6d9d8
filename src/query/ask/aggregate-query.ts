// AggregateQuery: numbers over the rows of one entity, taken together or in groups, as plain frozen data. EntityQuery's sibling.

import type { ConstantSelection } from './constant-selection.ts';
import type { AggregateFunction, Expr } from './expression.ts';
import type { OrderTerm } from './order-term.ts';

/**
 * Rows that meet `where` are put into groups by `groupBy`, each group gives its `aggregates`, and those groups that meet
 * `having` are sorted and cut to a page. Paths in `having` and `orderBy` are the names of keys and aggregates: `path(['total'])`.
 */
export interface AggregateQuery {
  readonly kind: 'aggregate';
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly where?: Expr;
  /** Absent or empty: all rows are one group, which is there even when no row is. */
  readonly groupBy?: readonly GroupKey[];
  readonly aggregates: readonly NamedAggregate[];
  readonly having?: Expr;
  /** Groups that it leaves equal go by their keys. */
  readonly orderBy?: readonly OrderTerm[];
  /** Groups at the most; absent: the default, and the answer says when it cut the list. */
  readonly take?: number;
  readonly skip?: number;
  readonly select: readonly AggregateOutput[];
  /** `many` answers a JSON array, `one` the first group as an object, or null. */
  readonly cardinality: 'many' | 'one';
  readonly at?: number;
}

/** A value that all rows of a group share: a field, a field through to-one relations, a part of a date, any other Expr. */
export interface GroupKey {
  readonly name: string;
  readonly by: Expr;
  readonly at?: number;
}

/** One value of many rows. Missing values do not take part; without any other, all but the counts are missing. */
export interface NamedAggregate {
  readonly name: string;
  readonly function: AggregateFunction;
  /** Only `count` goes without: it then counts rows. */
  readonly of?: Expr;
  readonly at?: number;
}

/** What the answer has of each group, and in which shape. */
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
  /** The name of a key of type Boolean; where it is false, the answer has null in place of the object. */
  readonly presentWhere?: string;
}

/** The aggregates of a to-many relation's rows, as part of an EntityQuery's selection. */
export interface RelatedAggregateSelection {
  readonly kind: 'aggregate';
  readonly relation: string;
  readonly as: string;
  readonly where?: Expr;
  readonly aggregates: readonly NamedAggregate[];
  readonly select: readonly AggregateOutput[];
  readonly at?: number;
}

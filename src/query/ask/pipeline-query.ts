// PipelineQuery: rows of one entity that pass through stages, as plain frozen data. It covers what an EntityQuery or an
// AggregateQuery cannot express: groups of groups, a top ten with its total, several results in one answer.

import type { GroupKey, NamedAggregate } from './aggregate-query.ts';
import type { ConstantSelection } from './constant-selection.ts';
import type { TypeSelection } from './entity-query.ts';
import type { Expr } from './expression.ts';
import type { OrderTerm } from './order-term.ts';

export interface PipelineQuery {
  readonly kind: 'pipeline';
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly flow: Flow;
  /** Maximum number of rows over all ends. Absent: the default applies, and the answer says when it truncated the list. */
  readonly take?: number;
  readonly skip?: number;
  /** Whether to count the rows of all ends, regardless of `take` and `skip`. */
  readonly count?: boolean;
  readonly at?: number;
}

/** Rows pass through the stages and are then returned, or passed to several flows, whose rows are returned one flow after the other. */
export type Flow = { readonly stages: readonly Stage[] } & (
  | { readonly select: readonly FlowOutput[]; readonly flows?: undefined }
  | { readonly flows: readonly Flow[]; readonly select?: undefined }
);

/**
 * One stage of a flow. Up to the first `group`, rows are the entity's, with its relations; after it, their fields are the
 * keys and the aggregates, and a key named `category/name` is the path `['category/name']`.
 */
export type Stage =
  | { readonly kind: 'where'; readonly where: Expr }
  /** Adds fields. */
  | { readonly kind: 'compute'; readonly values: readonly ComputedValue[] }
  /** Adds to each row the aggregates over all rows with the same keys. */
  | { readonly kind: 'share'; readonly by: readonly Expr[]; readonly aggregates: readonly NamedAggregate[] }
  /** Replaces the rows of each group with one row. Without keys, all rows form one group, which exists even when there are no rows. */
  | {
      readonly kind: 'group';
      readonly by: readonly GroupKey[];
      readonly aggregates: readonly NamedAggregate[];
    }
  /** The order of later pages and of the answer, until the rows are grouped. */
  | { readonly kind: 'order'; readonly orderBy: readonly OrderTerm[] }
  | { readonly kind: 'page'; readonly skip?: number; readonly take?: number }
  /** Adds each row's number, from 1, among the rows with the same keys, in an order of its own. */
  | {
      readonly kind: 'number';
      readonly by: readonly Expr[];
      readonly orderBy: readonly OrderTerm[];
      readonly name: string;
    };

export interface ComputedValue {
  readonly name: string;
  readonly by: Expr;
  readonly at?: number;
}

export type FlowOutput = FlowValue | FlowObject | ConstantSelection;

export interface FlowValue {
  readonly kind: 'value';
  /** The name of a field of the rows. */
  readonly of: string;
  readonly as: string;
  /** Adds a member before it with the name of its type, as in TypeSelection. */
  readonly typed?: Pick<TypeSelection, 'as' | 'names'>;
  readonly at?: number;
}

interface FlowObject {
  readonly kind: 'object';
  readonly as: string;
  readonly select: readonly FlowOutput[];
  /** The name of a Boolean field; where it is false, the answer has null instead of the object. */
  readonly presentWhere?: string;
}

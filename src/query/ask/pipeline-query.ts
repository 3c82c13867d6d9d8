// PipelineQuery: rows of one entity that go through stages, as plain frozen data. What neither an EntityQuery nor an
// AggregateQuery says is said so: groups of groups, the best ten and their total, several results in one answer.

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
  /** Rows at the most, of all ends together; absent: the default, and the answer says when it cut the list. */
  readonly take?: number;
  readonly skip?: number;
  /** Whether to count the rows of all ends, whatever `take` and `skip` say. */
  readonly count?: boolean;
  readonly at?: number;
}

/** Rows go through the stages, and are then given, or taken on by several flows, whose rows are given one after the other. */
export type Flow = { readonly stages: readonly Stage[] } & (
  | { readonly select: readonly FlowOutput[]; readonly flows?: undefined }
  | { readonly flows: readonly Flow[]; readonly select?: undefined }
);

/**
 * One step of rows on their way. Up to the first `group` they are the entity's, with its relations; behind it they have the
 * keys and the aggregates as fields, and a key called `category/name` is the path `['category/name']`.
 */
export type Stage =
  | { readonly kind: 'where'; readonly where: Expr }
  /** Adds fields. */
  | { readonly kind: 'compute'; readonly values: readonly ComputedValue[] }
  /** Adds aggregates of all rows that share these keys, to each of the rows. */
  | { readonly kind: 'share'; readonly by: readonly Expr[]; readonly aggregates: readonly NamedAggregate[] }
  /** One row a group, in place of its rows. Without keys, all rows are one group, which is there even when no row is. */
  | {
      readonly kind: 'group';
      readonly by: readonly GroupKey[];
      readonly aggregates: readonly NamedAggregate[];
    }
  /** The order that later pages and the answer go by, until the rows are grouped. */
  | { readonly kind: 'order'; readonly orderBy: readonly OrderTerm[] }
  | { readonly kind: 'page'; readonly skip?: number; readonly take?: number }
  /** Adds the place of each row among those that share these keys, from 1, by an order of its own. */
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
  /** Tells before it, under a name of its own, what its type is called: as in TypeSelection. */
  readonly typed?: Pick<TypeSelection, 'as' | 'names'>;
  readonly at?: number;
}

interface FlowObject {
  readonly kind: 'object';
  readonly as: string;
  readonly select: readonly FlowOutput[];
  /** The name of a field of type Boolean; where it is false, the answer has null in place of the object. */
  readonly presentWhere?: string;
}

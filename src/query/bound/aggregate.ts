// An AggregateQuery after the check. From here on, keys and aggregates are columns of the groups.

import type { Entity, RelationField, ValueType } from '../../catalog/catalog.ts';
import type { AggregateFunction } from '../ask/expression.ts';
import type { Bound, BoundOrder, Source, TypedBound } from './expression.ts';

/** A column of the groups. */
export interface GroupColumn {
  /** Its name in the statement. */
  readonly column: string;
  readonly type: ValueType;
  readonly nullable: boolean;
}

export interface BoundGroupKey extends GroupColumn {
  readonly by: TypedBound;
}

export interface BoundNamedAggregate extends GroupColumn {
  readonly function: AggregateFunction;
  readonly of?: TypedBound;
}

export interface BoundAggregateQuery {
  readonly source: Source & { readonly entity: Entity };
  readonly where?: Bound;
  readonly keys: readonly BoundGroupKey[];
  readonly aggregates: readonly BoundNamedAggregate[];
  /** The groups as rows with a field for each key and aggregate: the source of `having` and `orderBy`. */
  readonly groups: Source & { readonly entity: Entity };
  readonly having?: Bound;
  readonly orderBy: readonly BoundOrder[];
  readonly take: number;
  readonly takeIsDefault: boolean;
  readonly skip: number;
  readonly cardinality: 'many' | 'one';
  readonly select: readonly BoundOutput[];
}

export type BoundOutput<Column = GroupColumn> =
  | { readonly kind: 'constant'; readonly as: string; readonly value: string }
  | { readonly kind: 'value'; readonly as: string; readonly column: Column }
  | {
      readonly kind: 'object';
      readonly as: string;
      readonly select: readonly BoundOutput<Column>[];
      readonly presentWhere?: Column;
    };

export interface BoundRelatedAggregate {
  readonly kind: 'aggregate';
  readonly as: string;
  readonly relation: RelationField;
  /** The related rows. */
  readonly each: Source & { readonly entity: Entity };
  readonly where?: Bound;
  readonly aggregates: readonly BoundNamedAggregate[];
  readonly select: readonly BoundOutput[];
}

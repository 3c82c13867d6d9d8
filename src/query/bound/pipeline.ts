// A PipelineQuery after check. Each stage reads what the one before it gave, under a name of its own.

import type { ColumnField, Entity, SqlField } from '../../catalog/catalog.ts';
import type { BoundGroupKey, BoundNamedAggregate, BoundOutput } from './aggregate.ts';
import type { Bound, BoundOrder, Source, TypedBound } from './expression.ts';

export interface BoundPipeline {
  readonly stages: readonly BoundStage[];
  readonly ends: readonly BoundEnd[];
  readonly take: number;
  readonly takeIsDefault: boolean;
  readonly skip: number;
  readonly count: boolean;
}

/** The table of its entity is an earlier stage's `gives`, or the table that all begins with. */
export type RowsSource = Source & { readonly entity: Entity };

export type BoundStage = {
  readonly source: RowsSource;
  /** Under which name the statement knows what it gives. */
  readonly gives: string;
} & (
  | { readonly kind: 'where'; readonly where: Bound }
  | { readonly kind: 'compute'; readonly values: readonly BoundAddition[] }
  | {
      readonly kind: 'share';
      readonly by: readonly TypedBound[];
      readonly aggregates: readonly BoundNamedAggregate[];
    }
  | {
      readonly kind: 'group';
      readonly keys: readonly BoundGroupKey[];
      readonly aggregates: readonly BoundNamedAggregate[];
    }
  | {
      readonly kind: 'number';
      readonly by: readonly TypedBound[];
      readonly orderBy: readonly BoundOrder[];
      readonly column: string;
    }
  | {
      readonly kind: 'page';
      readonly orderBy: readonly BoundOrder[];
      readonly skip: number;
      readonly take?: number;
    }
);

interface BoundAddition {
  readonly column: string;
  readonly by: TypedBound;
}

export interface BoundEnd {
  readonly source: RowsSource;
  readonly orderBy: readonly BoundOrder[];
  readonly select: readonly BoundFlowOutput[];
}

export type BoundFlowOutput = BoundOutput<ColumnField | SqlField>;

// A PipelineQuery after the check. Each stage reads the output of the previous one, by its name.

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

/** Its entity's table is an earlier stage's `gives`, or the table that the pipeline starts from. */
export type RowsSource = Source & { readonly entity: Entity };

export type BoundStage = {
  readonly source: RowsSource;
  /** The name of its output in the statement. */
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

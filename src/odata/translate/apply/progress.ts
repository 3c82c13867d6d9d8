// How far the translation of $apply is: the rows after some of its transformations.

import type { Stage } from '../../../query/ask/pipeline-query.ts';
import type { VisibleEntity } from '../../model/visible-model.ts';
import type { Transformation } from '../../parse/apply.ts';
import type { QueryOptions } from '../../parse/options.ts';
import { type ApplyColumns, columnsOf } from './columns.ts';

/** The options that apply to the final rows of $apply. */
export type AppliedOptions = Pick<QueryOptions, 'compute' | 'filter' | 'orderby' | 'select'>;

/** The state after some of the transformations. */
export interface Progress {
  /** Whether the rows are groups. */
  readonly grouped: boolean;
  readonly columns: ApplyColumns;
  readonly stages: readonly Stage[];
  /** Inside `groupby`: the columns that the rows of one group share. */
  readonly within?: readonly string[];
  readonly options?: AppliedOptions;
  /** The final columns of each flow. */
  readonly ends: ApplyColumns[];
}

/** Before the first transformation. */
export const start = (entity: VisibleEntity) => ({
  stages: [],
  grouped: false,
  columns: columnsOf(entity),
});

/** @returns the rows after one more stage */
export const add = (rows: Progress, stage: Stage): Progress => ({ ...rows, stages: [...rows.stages, stage] });

/** A group that loses all its rows would still have to appear, but empty. */
export const narrows = ({ kind }: Transformation): boolean => kind === 'filter' || kind === 'search';

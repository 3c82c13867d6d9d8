// Where the paths of a condition start: the queried row, a row of a quantifier, or a row related to one of them.

import { type Path, path } from '../../../query/ask/expression.ts';

export interface Base {
  /** The quantifier's variable; absent for the queried row. */
  readonly variable?: string;
  /** To-one relations from there. */
  readonly segments: readonly string[];
}

export const queriedRow: Base = { segments: [] };

export const within = (base: Base, relation: string): Base => ({
  ...base,
  segments: [...base.segments, relation],
});

export const pathTo = (base: Base, field: string, at?: number): Path =>
  path([...base.segments, field], base.variable, at);

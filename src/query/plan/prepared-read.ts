import type { Plan } from './plan.ts';

/** A read that is checked, permitted and planned. It may be kept and run again for principals with the same `scopeKey`. */
export interface PreparedRead {
  readonly plan: Plan;
  /** What it is estimated to cost, in values of an answer. */
  readonly cost: number;
}

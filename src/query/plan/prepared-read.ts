import type { Plan } from './plan.ts';

/** A read that is checked, permitted and planned. It can be cached and run again for principals with the same `scopeKey`. */
export interface PreparedRead {
  readonly plan: Plan;
  /** The estimated cost, in values of an answer. */
  readonly cost: number;
}

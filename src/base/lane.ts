// The request that the present work is for, known to everything that it calls, however deep below.

import { AsyncLocalStorage } from 'node:async_hooks';

/** One object for a request, renamed once its credential is known, since each context of its own costs time. */
export interface Lane {
  /** Equal for all requests that share one part of what there is: connections, memory. */
  name: string;
  /** The cost of the queries and changes so far, in values. */
  cost: number;
}

const lanes = new AsyncLocalStorage<Lane>();

/** @param name the credential or the address that the work is for */
export function inLane<T>(name: string, work: (lane: Lane) => T): T {
  const lane = { name, cost: 0 };
  return lanes.run(lane, work, lane);
}

/** @returns the name of the lane that the present work is for; undefined for the work of the server itself */
export const currentLane = (): string | undefined => lanes.getStore()?.name;

/** @param cost in values, as the query engine estimates it */
export function addCost(cost: number): void {
  const lane = lanes.getStore();
  if (lane) lane.cost += cost;
}

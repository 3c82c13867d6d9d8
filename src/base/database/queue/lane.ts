import { AsyncLocalStorage } from 'node:async_hooks';

/** One object for a request, renamed once its credential is known, since each context of its own costs time. */
const lanes = new AsyncLocalStorage<{ name: string }>();

/**
 * Runs work for one credential: everything that is shared fairly finds its name here, however deep below the request.
 * @param name equal for all requests that share one part
 */
export const inLane = <T>(name: string, work: () => T): T => lanes.run({ name }, work);

/** From now on, the work that `inLane` runs counts for another credential. */
export function changeLane(name: string): void {
  const lane = lanes.getStore();
  if (lane) lane.name = name;
}

/** @returns the credential that the present work is for; undefined for the work of the server itself */
export const currentLane = (): string | undefined => lanes.getStore()?.name;

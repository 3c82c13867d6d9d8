import { AsyncLocalStorage } from 'node:async_hooks';

const lanes = new AsyncLocalStorage<string>();

/**
 * Runs work for one credential: whatever is shared fairly finds its name here, however deep below the request.
 * @param name equal for all requests that share one part of what there is
 */
export const inLane = <T>(name: string, work: () => T): T => lanes.run(name, work);

/** @returns the credential that the present work is for; undefined for the work of the server itself */
export const currentLane = (): string | undefined => lanes.getStore();

// Rate limits of the endpoints, per address and per app.

import { fault } from '../base/errors.ts';
import type { CreateLimiter, Limiter } from '../base/memory/rate-limiter.ts';
import type { Incoming } from '../http/message/message.ts';

/** @throws TOO_MANY_REQUESTS */
export type Limit = (request: Incoming, clientId: string) => Promise<void>;

/**
 * An app is counted per address: its id is public, so anyone could otherwise use up its limit.
 * @param perApp requests per minute of one app from one address; the limit of an address is twice that
 */
export function createLimit(createLimiter: CreateLimiter, name: string, perApp: number): Limit {
  const byAddress = createLimiter({ name: `${name}-address`, points: perApp * 2, seconds: 60 });
  const byApp = createLimiter({ name: `${name}-app`, points: perApp, seconds: 60 });
  return async (request, clientId) => {
    await spend(byAddress, request.address);
    await spend(byApp, `${request.address} ${clientId}`);
  };
}

async function spend(limiter: Limiter, key: string): Promise<void> {
  const { allowed, retryAfterSeconds } = await limiter.consume(key);
  if (allowed) return;
  throw fault('TOO_MANY_REQUESTS', 'Too many requests.', {
    hint: `Try again in ${retryAfterSeconds} seconds.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

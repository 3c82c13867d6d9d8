// How often the endpoints may be called: by address, and by app.

import { fault } from '../base/errors.ts';
import type { CreateLimiter, Limiter } from '../base/rate-limiter.ts';
import type { Incoming } from '../http/message.ts';

/** @throws TOO_MANY_REQUESTS */
export type Limit = (request: Incoming, clientId: string) => Promise<void>;

/** @param name of the limit @param perAddress requests a minute; an app, whose users come from everywhere, has ten times as many */
export function createLimit(createLimiter: CreateLimiter, name: string, perAddress: number): Limit {
  const byAddress = createLimiter({ name: `${name}-address`, points: perAddress, seconds: 60 });
  const byApp = createLimiter({ name: `${name}-app`, points: perAddress * 10, seconds: 60 });
  return async (request, clientId) => {
    await spend(byAddress, request.address);
    if (clientId !== '') await spend(byApp, clientId);
  };
}

async function spend(limiter: Limiter, key: string): Promise<void> {
  const { allowed, retryAfterSeconds } = await limiter.consume(key);
  if (allowed) return;
  throw fault('TOO_MANY_REQUESTS', 'There were too many requests.', {
    hint: `Try again in ${retryAfterSeconds} seconds.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

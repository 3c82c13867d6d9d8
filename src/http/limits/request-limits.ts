// The limits of each credential: requests, and what they cost.

import { type Fault, fault } from '../../base/errors.ts';
import type { CreateLimiter } from '../../base/memory/rate-limiter.ts';
import type { Principal } from '../../base/principal.ts';
import { type Balance, Budget, type BudgetLimit } from './budget.ts';

export interface RequestLimits {
  /** Counts a request. @returns rate limit headers: names and values in turn @throws TOO_MANY_REQUESTS */
  admit(principal: Principal): readonly string[];
  /** Counts the cost of a request, when it is known. @param units of `costUnits` */
  charge(principal: Principal, units: number): void;
  /** Counts a request with an invalid credential. @throws TOO_MANY_REQUESTS instead of INVALID_CREDENTIAL */
  refused(address: string): Promise<void>;
}

export interface LimitOptions {
  readonly requests: BudgetLimit;
  /** In units of `costUnits`. */
  readonly cost: BudgetLimit;
}

/** Guessing a 256-bit key is hopeless, so this only protects the log and the database. */
const refusals = { name: 'refused', points: 300, seconds: 60 };
const valuesPerUnit = 1_000;

/** @param values cost of the queries and changes @returns the units that a request costs: 1, and 1 per 1,000 values */
export const costUnits = (values: number): number => 1 + Math.floor(values / valuesPerUnit);

export function createRequestLimits(
  { requests, cost }: LimitOptions,
  createLimiter: CreateLimiter,
): RequestLimits {
  const guesses = createLimiter(refusals);
  const ofRequests =
    requests.points > 0 ? new Budget('default', 'requests', requests, createLimiter) : undefined;
  const ofCost = cost.points > 0 ? new Budget('cost', 'cost', cost, createLimiter) : undefined;
  return {
    admit: principal => admit(senderKey(principal), { requests, cost }, ofRequests, ofCost),
    charge: (principal, units) => ofCost?.takeSoon(senderKey(principal), units),
    async refused(address) {
      const { allowed, retryAfterSeconds } = await guesses.consume(address);
      if (allowed) return;
      throw fault('TOO_MANY_REQUESTS', 'Too many requests with invalid credentials from this address.', {
        hint: `Try again in ${retryAfterSeconds} s.`,
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    },
  };
}

const none: readonly string[] = [];

function admit(
  key: string,
  { requests, cost }: LimitOptions,
  ofRequests: Budget | undefined,
  ofCost: Budget | undefined,
): readonly string[] {
  const costLeft = ofCost?.balance(key);
  if (ofCost && costLeft?.remaining === 0)
    throw exceeded(
      `The requests cost more than ${cost.points} units in ${cost.seconds} s.`,
      ofCost,
      costLeft,
    );
  if (!ofRequests) return ofCost ? headers(ofCost.policy, ofCost.header(costLeft!)) : none;
  const left = ofRequests.balance(key);
  if (left.remaining === 0)
    throw exceeded(`More than ${requests.points} requests in ${requests.seconds} s.`, ofRequests, left);
  ofRequests.take(key, 1);
  const header = ofRequests.header({ ...left, remaining: left.remaining - 1 });
  return ofCost
    ? headers(`${ofRequests.policy}, ${ofCost.policy}`, `${header}, ${ofCost.header(costLeft!)}`)
    : headers(ofRequests.policy, header);
}

const headers = (policy: string, state: string): readonly string[] => [
  'ratelimit-policy',
  policy,
  'ratelimit',
  state,
];

const exceeded = (message: string, budget: Budget, balance: Balance): Fault =>
  fault('TOO_MANY_REQUESTS', message, {
    hint: `Try again in ${balance.reset} s.`,
    headers: {
      'retry-after': String(balance.reset),
      'ratelimit-policy': budget.policy,
      ratelimit: budget.header(balance),
    },
  });

/** All tokens of an app for one user count together, and so do all sessions of a user. */
export function senderKey({ kind, id, userId, appId }: Principal): string {
  if (appId !== undefined) return `app:${appId}:${userId}`;
  return kind === 'session' ? `user:${userId}` : `${kind}:${id}`;
}

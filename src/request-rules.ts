// Who a request is from, and how much of it is allowed.

import type { Auth } from './auth/create-auth.ts';
import { clientAddressBehind } from './base/config/client-address.ts';
import type { Config } from './base/config/config.ts';
import type { Logger } from './base/log.ts';
import type { limitersOver } from './base/memory/rate-limiter.ts';
import { anonymous } from './base/principal.ts';
import { createRequestLimits, type RequestLimits } from './http/limits/request-limits.ts';

export const limitsOf = (
  { requestLimit: requests, costLimit: cost }: Config,
  createLimiter: ReturnType<typeof limitersOver>,
): RequestLimits => createRequestLimits({ requests, cost }, createLimiter);

interface RuleDeps {
  readonly auth: Auth;
  readonly config: Config;
  readonly log: Logger;
}

/** Who a request is from, and whether it came over HTTPS. */
export const requestRules = ({ auth, config, log }: RuleDeps) => ({
  authenticate: auth.authenticate,
  anonymous,
  clientAddress: clientAddressBehind(config.trustedProxies, address => warnOfProxy(address, log)),
  secure: config.publicUrl.startsWith('https:'),
});

const warnOfProxy = (address: string, log: Logger): void =>
  log.warn(
    { address },
    `X-Forwarded-For came from ${address}, which is not in TRUSTED_PROXIES, and was ignored: all its clients count as one address. If it is your proxy, add ${address} or its range to TRUSTED_PROXIES`,
  );

import type { Principal } from '../base/principal.ts';
import { requireAdminFor } from '../base/require-admin.ts';
import type { Incoming } from './message/message.ts';
import { servedAs } from './message/operation.ts';
import { text } from './message/respond.ts';
import type { Route } from './message/route.ts';
import type { Metrics } from './metrics.ts';
import { serverOperations } from './server-operations.ts';

/**
 * `GET /metrics` for Prometheus. Requests from this machine need no key; all others need a key with the scope `admin`.
 * Requests forwarded by a proxy do not count as coming from this machine.
 */
export function metricsRoute(
  metrics: Metrics,
  authenticate: (request: Incoming) => Promise<Principal>,
): Route {
  return {
    ...servedAs(serverOperations.metrics),
    open: true,
    always: true,
    async handle(request) {
      if (!isLocal(request))
        requireAdminFor('Reading the metrics from another machine', await authenticate(request));
      return text(200, await metrics.print(), { 'content-type': metrics.contentType });
    },
  };
}

const loopback = /^(127(\.\d+){3}|::1|::ffff:127(\.\d+){3})$/;
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'via', 'x-real-ip'];

const isLocal = (request: Incoming): boolean =>
  loopback.test(request.address) && proxyHeaders.every(name => request.header(name) === undefined);

// Both entries over a few routes, with a log that the test can read.

import type { AddressInfo } from 'node:net';
import { clientAddressBehind } from '../../src/base/config/client-address.ts';
import { fault } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { limitersOver } from '../../src/base/memory/rate-limiter.ts';
import type { Principal } from '../../src/base/principal.ts';
import { anonymous } from '../../src/base/principal.ts';
import { createAccessLog } from '../../src/http/access-log.ts';
import { createEntries } from '../../src/http/entries.ts';
import type { BudgetLimit } from '../../src/http/limits/budget.ts';
import { createRequestLimits } from '../../src/http/limits/request-limits.ts';
import type { Incoming } from '../../src/http/message/message.ts';
import type { Route, RouteGroup } from '../../src/http/message/route.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createHttpServer } from '../../src/http/server/create-server.ts';

const caller: Principal = { ...anonymous, kind: 'key', id: 'abcdefghijkl', name: 'a test' };

/** Whoever sends `X-API-Key: good` is let in. */
async function authenticate(request: Incoming): Promise<Principal> {
  if (request.header('x-api-key') === 'good') return caller;
  throw fault('UNAUTHENTICATED', 'Send a key.', { headers: { 'www-authenticate': 'Basic realm="test"' } });
}

export const door = (...routes: Route[]): RouteGroup => ({ name: 'test', crossOrigin: true, routes });

interface Options {
  readonly requestLimit?: BudgetLimit;
  readonly costLimit?: BudgetLimit;
  readonly overload?: { admit(): void };
  readonly trustedProxies?: readonly string[];
  readonly secure?: boolean;
}

export const openEntries = (...routeGroups: RouteGroup[]) => openEntriesWith({}, ...routeGroups);

export async function openEntriesWith(options: Options, ...routeGroups: RouteGroup[]) {
  const unlimited = { points: 0, seconds: 60 };
  const { requestLimit = unlimited, costLimit = unlimited, trustedProxies = [], secure = false } = options;
  const { overload = { admit() {} } } = options;
  const usage = { record() {} };
  const lines: string[] = [];
  const log = createLog({ logLevel: 'info', logFormat: 'json' }, { write: text => void lines.push(text) });
  const accessLog = createAccessLog(log, 'json');
  const metrics = createMetrics({ pool: { totalCount: 3, idleCount: 2, waitingCount: 1 } as never });
  const state = { draining: false };
  const draining = () => state.draining;
  const entries = createEntries({
    ...{ routeGroups, authenticate, anonymous, log, accessLog, metrics, draining },
    limits: createRequestLimits({ requests: requestLimit, cost: costLimit }, limitersOver()),
    overload,
    usage,
    clientAddress: clientAddressBehind(trustedProxies),
    secure,
  });
  const server = createHttpServer(entries.listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    state,
    metrics,
    port,
    server,
    inProcess: (path: string, init?: RequestInit) =>
      entries.fetch(new Request(`http://127.0.0.1:${port}${path}`, init)),
    overSocket: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init),
    /** All that was logged so far, one object a line. */
    logged(): Record<string, unknown>[] {
      accessLog.flush();
      return lines
        .join('')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line));
    },
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

export type OpenEntries = Awaited<ReturnType<typeof openEntries>>;

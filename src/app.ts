// Every route of the server, in one list.

import type { Auth } from './auth/create-auth.ts';
import { keyRoutes } from './auth/key-routes.ts';
import { anonymous } from './auth/principal.ts';
import type { Config } from './base/config.ts';
import type { Database } from './base/database.ts';
import type { Logger } from './base/log.ts';
import type { PrismaClient } from './base/prisma.ts';
import { createAccessLog } from './http/access-log.ts';
import { createEntries, type Entries } from './http/entries.ts';
import { type Check, healthRoutes } from './http/health.ts';
import { indexRoute } from './http/index-route.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { metricsRoute } from './http/metrics-route.ts';
import type { Door } from './http/route.ts';
import type { Engine } from './query/engine.ts';

export interface AppParts {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly engine: Engine;
  readonly auth: Auth;
}

export interface App extends Entries {
  /** Makes `/readyz` say no, and answers ask for their connections to be closed. Requests are still answered. */
  drain(): void;
  /** Writes what is held back. Opens and closes nothing of the parts it was given. */
  close(): Promise<void>;
}

export function createApp(parts: AppParts): App {
  const { auth, log, database } = parts;
  const accessLog = createAccessLog(log);
  const metrics = createMetrics(database);
  let draining = false;
  const entries = createEntries({
    doors: doors(
      parts,
      metrics,
      checks(database, () => draining),
    ),
    authenticate: auth.authenticate,
    anonymous,
    log,
    accessLog,
    metrics,
    draining: () => draining,
  });
  return {
    ...entries,
    drain() {
      draining = true;
    },
    async close() {
      draining = true;
      accessLog.flush();
    },
  };
}

const doors = (parts: AppParts, metrics: Metrics, checks: readonly Check[]): Door[] => [
  {
    name: 'platform',
    routes: [indexRoute(), ...healthRoutes(checks), metricsRoute(metrics, parts.auth.authenticate)],
  },
  { name: 'keys', routes: keyRoutes(parts) },
];

const checks = (database: Database, draining: () => boolean): Check[] => [
  { name: 'the server', run: async () => (draining() ? 'the server is stopping' : undefined) },
  { name: 'the database', run: async () => void (await database.query('select 1')) },
];

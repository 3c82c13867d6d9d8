// Every route of the server, in one list.

import { keysPage } from './account/keys-page.ts';
import { createMe, type DescribeCaller } from './account/me.ts';
import { meRoute } from './account/me-route.ts';
import { reviewPage } from './account/review-page.ts';
import { appsRoutes } from './apps/routes.ts';
import { type Apps, createApps } from './apps/services/create-apps.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import type { Audit } from './audit/create-audit.ts';
import type { Auth } from './auth/create-auth.ts';
import { keyRoutes } from './auth/key-routes.ts';
import { createScopeWords, type ScopeWords } from './auth/scopes/describe-scope.ts';
import { sealRoutes } from './auth/seal-routes.ts';
import { clientAddressBehind } from './base/config/client-address.ts';
import type { Config } from './base/config/config.ts';
import type { Database } from './base/database/database.ts';
import type { Logger } from './base/log.ts';
import { limitersOver } from './base/memory/rate-limiter.ts';
import { openRedis } from './base/memory/redis.ts';
import { anonymous } from './base/principal.ts';
import { ChangeFeed } from './changes/feed.ts';
import { startRetention } from './changes/retention.ts';
import { createGraphqlDoor } from './graphql/operation/prepared-schema.ts';
import { platform } from './graphql/platform/platform.ts';
import { graphqlRoutes } from './graphql/routes.ts';
import { createAccessLog } from './http/access-log.ts';
import { createEntries, type Entries } from './http/entries.ts';
import { type Check, healthRoutes } from './http/health.ts';
import { indexRoute } from './http/index-route.ts';
import type { Door, Route } from './http/message/route.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { metricsRoute } from './http/metrics-route.ts';
import { createRequestLimits, type RequestLimits } from './http/request-limits.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import { importRoutes } from './imports/routes.ts';
import { createOauth, type Oauth } from './oauth/create-oauth.ts';
import { connectionRoutes } from './odata/connections/routes.ts';
import { odataRoutes } from './odata/routes.ts';
import { createPages, type Pages } from './pages/create-pages.ts';
import { peopleRoutes } from './people/routes.ts';
import { createPeople, type People } from './people/services/create-people.ts';
import type { PrismaClient } from './platform/prisma.ts';
import type { Project } from './project.ts';
import type { Engine } from './query/engine.ts';
import { queryApiRoutes } from './query-api/routes.ts';
import { readinessChecks, redisCheck } from './readiness.ts';
import { watchSchema } from './schema-watch.ts';

export interface AppParts {
  readonly project: Project;
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly engine: Engine;
  readonly auth: Auth;
}

export interface App extends Entries {
  readonly people: People;
  readonly apps: Apps;
  /** Makes `/readyz` say no, and answers ask for their connections to be closed. Requests are still answered. */
  drain(): void;
  /** Writes what is held back. Opens and closes nothing of the parts it was given. */
  close(): Promise<void>;
}

export function createApp(parts: AppParts): App {
  const { auth, log, database } = parts;
  const { audit } = auth;
  const accessLog = createAccessLog(log, parts.config.logFormat);
  const closing = new AsyncDisposableStack();
  const closed = <T extends { close(): Promise<void> }>(part: T): T => closing.adopt(part, it => it.close());
  const redis =
    parts.config.redisUrl === undefined ? undefined : closed(openRedis(parts.config.redisUrl, log));
  const metrics = createMetrics(database, redis);
  let draining = false;
  const schema = closed(watchSchema(database, parts.engine.catalog, log));
  const checks = [
    ...readinessChecks({
      database,
      catalog: parts.engine.catalog,
      project: parts.project.migrations,
      schema,
      draining: () => draining,
    }),
    ...(redis ? [redisCheck(redis)] : []),
  ];
  const idempotency = closed(new Idempotency(database, log));
  const feed = closed(new ChangeFeed({ database, log }));
  const retention = startRetention(database, parts.config.changeRetentionDays, log);
  if (retention) closed(retention);
  const pages = createPages({ config: parts.config, sessions: auth.sessions });
  closed(audit.keepFor(parts.config.auditRetentionDays));
  const createLimiter = limitersOver(redis);
  const catalog = parts.engine.catalog;
  const people = closed(createPeople({ ...parts, catalog, audit, createLimiter }));
  const describeScope = createScopeWords(catalog);
  const me = createMe({ ...parts, describeScope });
  const apps = closed(createApps({ ...parts, safestore: auth.safestore, audit, catalog }));
  const oauth = closed(createOauth({ ...parts, apps, pages, catalog, describeScope, audit, createLimiter }));
  const requestLimits = createRequestLimits(parts.config.requestLimit, createLimiter);
  const entries = createEntries({
    doors: doors(
      { ...parts, idempotency, feed, pages, people, apps, audit, oauth, describeScope, me, requestLimits },
      metrics,
      checks,
    ),
    authenticate: auth.authenticate,
    anonymous,
    log,
    accessLog,
    metrics,
    draining: () => draining,
    limits: requestLimits,
    clientAddress: clientAddressBehind(parts.config.trustedProxies, address => warnOfProxy(address, log)),
    secure: parts.config.publicUrl.startsWith('https:'),
  });
  return {
    ...entries,
    people,
    apps,
    drain() {
      draining = true;
      // Streams would last as long as their clients stay.
      void feed.close();
    },
    async close() {
      draining = true;
      accessLog.flush();
      await closing.disposeAsync();
    },
  };
}

const warnOfProxy = (address: string, log: Logger): void =>
  log.warn(
    { address },
    `X-Forwarded-For came from ${address}, which is not in TRUSTED_PROXIES, and is not believed: all who come through it count as one address. If it is a proxy of yours, set TRUSTED_PROXIES=${address} or its range, beside those that are set already`,
  );

interface DoorParts extends AppParts {
  readonly requestLimits: RequestLimits;
  readonly idempotency: Idempotency;
  readonly feed: ChangeFeed;
  readonly pages: Pages;
  readonly people: People;
  readonly apps: Apps;
  readonly describeScope: ScopeWords;
  readonly me: DescribeCaller;
  readonly oauth: Oauth;
  readonly audit: Audit;
}

const doors = (parts: DoorParts, metrics: Metrics, checks: readonly Check[]): Door[] => [
  {
    name: 'platform',
    routes: [indexRoute(), ...healthRoutes(checks), metricsRoute(metrics, parts.auth.authenticate)],
  },
  {
    name: 'keys',
    routes: inJson([
      ...keyRoutes(parts),
      ...sealRoutes(parts),
      meRoute(parts),
      ...reviewPage({ ...parts, keys: parts.auth.keys }),
      ...keysPage({ ...parts, keys: parts.auth.keys, knownScopes: parts.engine.catalog.scopes }),
    ]),
  },
  { name: 'audit', routes: inJson(auditRoutes(parts)) },
  { name: 'people', routes: inJson(peopleRoutes(parts)) },
  { name: 'apps', routes: inJson(appsRoutes({ ...parts, knownScopes: parts.engine.catalog.scopes })) },
  ...parts.oauth.doors.map(door => ({ ...door, routes: inJson(door.routes) })),
  ...graphqlDoors(parts),
  { name: 'odata', crossOrigin: true, routes: odataRoutes(parts) },
  { name: 'connections', routes: connectionRoutes(parts) },
  { name: 'import', crossOrigin: true, routes: inJson(importRoutes(parts)) },
];

/** Of doors that have pages too, what lies under /api answers JSON alone. */
const inJson = (routes: readonly Route[]): Route[] =>
  routes.map(route => (route.path.startsWith('/api/') ? { ...route, json: true } : route));

/** /graphql and the Query API share one schema and one set of prepared operations. */
function graphqlDoors(parts: DoorParts): Door[] {
  const door = createGraphqlDoor({ engine: parts.engine, platform, limits: parts.config.limits });
  return [
    { name: 'graphql', crossOrigin: true, routes: graphqlRoutes({ ...parts, door, services: parts }) },
    { name: 'query', crossOrigin: true, routes: inJson(queryApiRoutes({ ...parts, door })) },
  ];
}

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
import { currentPrincipal } from './auth/current-principal.ts';
import { keyRoutes } from './auth/key-routes.ts';
import { createScopeDescriptions, type ScopeDescriptions } from './auth/scopes/describe-scope.ts';
import { sealRoutes } from './auth/seal-routes.ts';
import type { Config } from './base/config/config.ts';
import type { Database } from './base/database/database.ts';
import type { Logger } from './base/log.ts';
import { limitersOver } from './base/memory/rate-limiter.ts';
import { openRedis } from './base/memory/redis.ts';
import { ChangeFeed } from './changes/feed.ts';
import { exportRoutes } from './exports/routes.ts';
import { createGraphqlApi } from './graphql/operation/prepared-schema.ts';
import { platform } from './graphql/platform/platform.ts';
import { graphqlRoutes } from './graphql/routes.ts';
import { createAccessLog } from './http/access-log.ts';
import { createEntries, type Entries } from './http/entries.ts';
import { type Check, healthRoutes } from './http/health.ts';
import { indexRoute } from './http/index-route.ts';
import { watchOverload } from './http/limits/overload.ts';
import type { RequestLimits } from './http/limits/request-limits.ts';
import type { Route, RouteGroup } from './http/message/route.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { metricsRoute } from './http/metrics-route.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import { type ImportApiDeps, importRoutes } from './imports/routes.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { mapperRoutes } from './mappers/routes.ts';
import { createMappers, type Mappers } from './mappers/services/create-mappers.ts';
import { createOauth, type Oauth } from './oauth/create-oauth.ts';
import { connectionRoutes } from './odata/connections/routes.ts';
import { odataRoutes } from './odata/routes.ts';
import { createPages, type Pages } from './pages/create-pages.ts';
import type { PrismaClient } from './platform/prisma.ts';
import type { Project } from './project.ts';
import type { Engine } from './query/engine.ts';
import { queryApiRoutes } from './query-api/routes.ts';
import { checksOf } from './readiness.ts';
import { limitsOf, requestRules } from './request-rules.ts';
import { scheduledJobs } from './scheduled-jobs.ts';
import { watchSchema } from './schema-watch.ts';
import { createUsage, type Usage } from './usage/usage-recorder.ts';
import { usageRoutes } from './usage/usage-routes.ts';
import { userRoutes } from './users/routes.ts';
import { createUserServices, type UserServices } from './users/services/create-user-services.ts';

export interface AppDeps {
  readonly project: Project;
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly engine: Engine;
  readonly auth: Auth;
}

export interface App extends Entries {
  readonly userServices: UserServices;
  readonly apps: Apps;
  /** To be started when the server answers requests. */
  readonly jobs: JobQueue;
  /**
   * Makes `/readyz` fail, and responses ask clients to close their connections. Background jobs begin to stop. Requests
   * are still answered.
   */
  drain(): void;
  /** Writes buffered log lines and closes what this app opened. Its dependencies stay open. */
  close(): Promise<void>;
}

export function createApp(deps: AppDeps): App {
  const { auth, log, database } = deps;
  const { audit } = auth;
  const { catalog } = deps.engine;
  const accessLog = createAccessLog(log, deps.config.logFormat);
  const closing = new AsyncDisposableStack();
  const closed = <T extends { close(): Promise<void> }>(part: T): T => closing.adopt(part, it => it.close());
  const redis = deps.config.redisUrl === undefined ? undefined : closed(openRedis(deps.config.redisUrl, log));
  const metrics = createMetrics(database, redis);
  const jobs = new JobQueue({ database, log });
  jobs.metrics.register(metrics.registry);
  let draining = false;
  const schema = closed(watchSchema(database, catalog, log));
  const isDraining = () => draining;
  const checked = { database, catalog, project: deps.project.migrations, schema, draining: isDraining };
  const checks = checksOf({ ...checked, redis, jobs });
  const idempotency = new Idempotency(database);
  const feed = closed(new ChangeFeed({ database, log }));
  const pages = createPages({ config: deps.config, sessions: auth.sessions });
  const createLimiter = limitersOver(redis);
  const userServices = closed(createUserServices({ ...deps, catalog, audit, createLimiter }));
  const describeScope = createScopeDescriptions(catalog);
  const me = createMe({ ...deps, describeScope });
  const apps = closed(createApps({ ...deps, safestore: auth.safestore, audit, catalog }));
  const mappers = createMappers({ ...deps, catalog, audit, included: deps.project.mappers ?? [] });
  const oauth = closed(createOauth({ ...deps, apps, pages, catalog, describeScope, audit, createLimiter }));
  const requestLimits = limitsOf(deps.config, createLimiter);
  const overload = closing.adopt(watchOverload(deps.config.overloadDelayMs), it => it.close());
  const usage = closed(createUsage({ database, log }));
  const scheduled = scheduledJobs({ ...deps, idempotency, oauth, users: userServices, usage });
  for (const job of scheduled) jobs.define(job);
  // Last, so that they stop before what they use.
  closing.defer(() => jobs.stop());
  const shared = {
    ...deps,
    idempotency,
    feed,
    jobs,
    pages,
    userServices,
    apps,
    mappers,
    audit,
    oauth,
    me,
    usage,
  };
  const observed = { log, accessLog, metrics, overload, usage };
  const entries = createEntries({
    ...requestRules(deps),
    ...observed,
    routeGroups: routeGroups({ ...shared, describeScope, requestLimits }, metrics, checks),
    draining: isDraining,
    limits: requestLimits,
  });
  return {
    ...entries,
    userServices,
    apps,
    jobs,
    drain() {
      draining = true;
      void jobs.stop();
      // Streams would otherwise stay open as long as their clients.
      void feed.close();
    },
    async close() {
      draining = true;
      accessLog.flush();
      await closing.disposeAsync();
    },
  };
}

interface RouteDeps extends AppDeps {
  readonly requestLimits: RequestLimits;
  readonly idempotency: Idempotency;
  readonly feed: ChangeFeed;
  readonly jobs: JobQueue;
  readonly pages: Pages;
  readonly userServices: UserServices;
  readonly apps: Apps;
  readonly mappers: Mappers;
  readonly describeScope: ScopeDescriptions;
  readonly me: DescribeCaller;
  readonly oauth: Oauth;
  readonly audit: Audit;
  readonly usage: Usage;
}

const routeGroups = (deps: RouteDeps, metrics: Metrics, checks: readonly Check[]): RouteGroup[] => [
  {
    name: 'platform',
    routes: [indexRoute(), ...healthRoutes(checks), metricsRoute(metrics, deps.auth.authenticate)],
  },
  {
    name: 'keys',
    routes: inJson([
      ...keyRoutes(deps),
      ...sealRoutes(deps),
      meRoute(deps),
      ...reviewPage({ ...deps, keys: deps.auth.keys }),
      ...keysPage({ ...deps, keys: deps.auth.keys, knownScopes: deps.engine.catalog.scopes }),
    ]),
  },
  { name: 'audit', routes: inJson(auditRoutes(deps)) },
  { name: 'usage', routes: inJson(usageRoutes(deps)) },
  { name: 'users', routes: inJson(userRoutes(deps)) },
  { name: 'apps', routes: inJson(appsRoutes({ ...deps, knownScopes: deps.engine.catalog.scopes })) },
  ...deps.oauth.routeGroups.map(group => ({ ...group, routes: inJson(group.routes) })),
  ...graphqlRouteGroups(deps),
  { name: 'odata', crossOrigin: true, routes: odataRoutes(deps) },
  { name: 'connections', routes: connectionRoutes(deps) },
  { name: 'mappers', crossOrigin: true, routes: inJson(mapperRoutes(deps)) },
  { name: 'import', crossOrigin: true, routes: importRoutes(toImportDeps(deps)) },
];

function toImportDeps(deps: RouteDeps): ImportApiDeps {
  const { database, engine, feed } = deps;
  const knownScopes = engine.catalog.scopes;
  return {
    ...deps,
    currentPrincipal: former => currentPrincipal({ database, knownScopes }, former),
    ending: feed.ending,
  };
}

/** In groups that also have pages, routes under /api return only JSON. */
const inJson = (routes: readonly Route[]): Route[] =>
  routes.map(route => (route.path.startsWith('/api/') ? { ...route, json: true } : route));

/** /graphql, the Query API and exports share one schema; the first two also one set of prepared operations. */
function graphqlRouteGroups(deps: RouteDeps): RouteGroup[] {
  const api = createGraphqlApi({ engine: deps.engine, platform, limits: deps.config.limits });
  return [
    {
      name: 'graphql',
      crossOrigin: true,
      routes: graphqlRoutes({ ...deps, api, services: { ...deps, ...deps.userServices } }),
    },
    { name: 'query', crossOrigin: true, routes: inJson(queryApiRoutes({ ...deps, api })) },
    { name: 'export', crossOrigin: true, routes: exportRoutes({ ...deps, api }) },
  ];
}

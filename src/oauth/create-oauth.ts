// Assembles the authorization server.

import type { EventEmitter } from 'node:events';
import type { Provider } from 'oidc-provider';
import type { Apps } from '../apps/services/create-apps.ts';
import type { Audit } from '../audit/create-audit.ts';
import type { Auth } from '../auth/create-auth.ts';
import type { ScopeDescriptions } from '../auth/scopes/describe-scope.ts';
import { audienceOf } from '../auth/tokens/access-tokens.ts';
import type { Config } from '../base/config/config.ts';
import type { Database } from '../base/database/database.ts';
import type { Logger } from '../base/log.ts';
import type { CreateLimiter } from '../base/memory/rate-limiter.ts';
import type { RouteGroup } from '../http/message/route.ts';
import type { Pages } from '../pages/create-pages.ts';
import { deriveSecret, loadPeppers } from '../safestore/peppers.ts';
import { createArtifacts } from './artifacts.ts';
import { createAuditEvents } from './audit-events.ts';
import { type AuthorizationServer, createAuthorizationServer } from './authorization-server.ts';
import { authorizeRoutes } from './authorize-routes.ts';
import { currentCall } from './call.ts';
import { createGrants, type Grants } from './grants.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { answerForJwts } from './jwt-answers.ts';
import { keyRoutes } from './key-routes.ts';
import { createLimit } from './limits.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { normalizeErrors } from './normalize-errors.ts';
import { createRevocations } from './revocations.ts';
import { tokenRoutes } from './token-routes.ts';

export interface Oauth {
  readonly routeGroups: readonly RouteGroup[];
  /** Deletes what has expired. @returns false: nothing is left */
  clear(): Promise<boolean>;
  close(): Promise<void>;
}

export interface OauthDeps {
  readonly config: Config;
  readonly database: Database;
  readonly log: Logger;
  readonly auth: Auth;
  readonly apps: Pick<Apps, 'clients' | 'grants'>;
  readonly pages: Pages;
  readonly catalog: { readonly scopes: readonly string[] };
  readonly describeScope: ScopeDescriptions;
  readonly audit: Pick<Audit, 'record'>;
  readonly createLimiter: CreateLimiter;
}

/** @throws ConfigFault where the peppers are missing or cannot be read */
export function createOauth(deps: OauthDeps): Oauth {
  const { config, database, log, auth, apps, catalog } = deps;
  const { publicUrl } = config;
  const { signingKeys, tokens } = auth;
  const cookieNames = namesOf(publicUrl);
  const artifacts = createArtifacts(database);
  const grants = createGrants(database, apps.grants);
  const events = createAuditEvents(deps.audit);
  const revocations = createRevocations(database, tokens);
  const server = createAuthorizationServer({
    publicUrl,
    artifacts,
    grants,
    revocations,
    signingKeys,
    tokens,
    cookieNames,
    knownScopes: catalog.scopes,
    resource: audienceOf(publicUrl),
    clients: apps.clients,
    cookieSecrets: loadPeppers(config).map(pepper => deriveSecret(pepper, 'oauth cookies').toString('hex')),
    isActiveUser: userId => isActiveUser(database, userId),
    onFamilyRevoked: events.noteFamily,
    onProvider(provider) {
      answerForJwts(provider, { tokens, revocations, onRevoke: events.noteToken });
      normalizeErrors(provider, apps.clients);
      events.follow(provider);
      logFailures(provider, log);
    },
  });
  return {
    routeGroups: createRouteGroups(deps, { server, grants, cookieNames }),
    async clear() {
      await artifacts.clear();
      await revocations.clear();
      await signingKeys.clear();
      return false;
    },
    close: () => events.close(),
  };
}

interface Services {
  readonly server: AuthorizationServer;
  readonly grants: Grants;
  readonly cookieNames: ReturnType<typeof namesOf>;
}

function createRouteGroups(deps: OauthDeps, { server, grants, cookieNames }: Services): RouteGroup[] {
  const { config, auth, apps, pages, catalog, describeScope, audit, createLimiter } = deps;
  const { sessions, signingKeys } = auth;
  const knownScopes = catalog.scopes;
  const authorize = {
    server,
    sessions,
    cookieNames,
    limit: createLimit(createLimiter, 'oauth-authorize', 300),
  };
  const interaction = {
    server,
    sessions,
    grants,
    cookieNames,
    knownScopes,
    describeScope,
    guard: pages.guard,
    clients: apps.clients,
    past: apps.grants.past,
  };
  const token = { server, limit: createLimit(createLimiter, 'oauth-token', 600) };
  const metadata = { publicUrl: config.publicUrl, knownScopes, signingKeys };
  return [
    {
      name: 'oauth',
      routes: [
        ...authorizeRoutes(authorize),
        ...interactionRoutes(interaction),
        ...tokenRoutes(token),
        ...keyRoutes({ signingKeys, audit }),
      ],
    },
    { name: 'oauth-metadata', crossOrigin: true, routes: metadataRoutes(metadata) },
  ];
}

function logFailures(provider: Provider, log: Logger): void {
  provider.on('server_error', (_, error) => {
    const requestId = currentCall().request.id;
    log.error({ err: error, requestId }, 'the authorization server failed');
  });
  // Koa's own errors, which it prints unless there is a listener.
  (provider as EventEmitter).on('error', error => {
    log.error({ err: error }, 'the authorization server failed');
  });
}

function namesOf(publicUrl: string) {
  // A cookie with a path other than `/` cannot have the prefix `__Host-`.
  const prefix = publicUrl.startsWith('https:') ? '__Secure-' : '';
  return {
    session: 'oauth_session',
    interaction: `${prefix}portolan_app_request`,
    resume: `${prefix}portolan_app_return`,
  };
}

async function isActiveUser(database: Database, userId: string): Promise<boolean> {
  const text = `SELECT FROM "portolan"."user" WHERE "id"::text = $1 AND "disabledAt" IS NULL`;
  return (await database.query(text, [userId], { name: 'oauth_is_active_user' })).rowCount > 0;
}

// The authorization server, joined from its parts.

import type { EventEmitter } from 'node:events';
import type { Apps } from '../apps/create-apps.ts';
import type { Audit } from '../audit/create-audit.ts';
import { audienceOf } from '../auth/access-tokens.ts';
import type { Auth } from '../auth/create-auth.ts';
import type { ScopeWords } from '../auth/scope-words.ts';
import type { Config } from '../base/config.ts';
import type { Database } from '../base/database.ts';
import type { Logger } from '../base/log.ts';
import type { CreateLimiter } from '../base/rate-limiter.ts';
import type { Door } from '../http/route.ts';
import type { Pages } from '../pages/create-pages.ts';
import { deriveSecret, loadPeppers } from '../safestore/peppers.ts';
import { createArtifacts } from './artifacts.ts';
import { createAuditEvents } from './audit-events.ts';
import { createAuthorizationServer } from './authorization-server.ts';
import { authorizeRoutes } from './authorize-routes.ts';
import { evenRefusals } from './even-refusals.ts';
import { createGrants } from './grants.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { answerForJwts } from './jwt-answers.ts';
import { keyRoutes } from './key-routes.ts';
import { createLimit } from './limits.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { createRevocations } from './revocations.ts';
import { startSweep } from './sweep.ts';
import { tokenRoutes } from './token-routes.ts';

export interface Oauth {
  readonly doors: readonly Door[];
  /** Deletes what has expired. It happens by itself, too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface OauthParts {
  readonly config: Config;
  readonly database: Database;
  readonly log: Logger;
  readonly auth: Auth;
  readonly apps: Pick<Apps, 'clients' | 'grants'>;
  readonly pages: Pages;
  readonly catalog: { readonly scopes: readonly string[] };
  readonly inWords: ScopeWords;
  readonly audit: Pick<Audit, 'record'>;
  readonly createLimiter: CreateLimiter;
}

/** @throws ConfigFault where the peppers are missing or cannot be read */
export function createOauth(parts: OauthParts): Oauth {
  const { config, database, log, auth, apps, pages, catalog, inWords } = parts;
  const { publicUrl } = config;
  const { sessions, signingKeys, tokens } = auth;
  const knownScopes = catalog.scopes;
  const cookieNames = namesOf(publicUrl);
  const artifacts = createArtifacts(database);
  const grants = createGrants(database, apps.grants);
  const events = createAuditEvents(parts.audit);
  const revocations = createRevocations(database, tokens);
  const server = createAuthorizationServer({
    ...{ publicUrl, knownScopes, artifacts, grants, revocations, signingKeys, cookieNames },
    resource: audienceOf(publicUrl),
    clients: apps.clients,
    cookieSecrets: loadPeppers(config).map(pepper => deriveSecret(pepper, 'oauth cookies').toString('hex')),
    isPerson: userId => isPerson(database, userId),
    onFamilyRevoked: (presented, reused) => events.noteFamily(presented, reused),
    onProvider(provider) {
      answerForJwts(provider, { tokens, revocations, onRevoke: claims => events.noteToken(claims) });
      evenRefusals(provider, apps.clients);
      events.follow(provider);
      provider.on('server_error', (_, error) => log.error({ err: error }, 'the authorization server failed'));
      // What Koa meets past all of that; unheard, it would be printed.
      (provider as EventEmitter).on('error', error =>
        log.error({ err: error }, 'the authorization server failed'),
      );
    },
  });
  const clear = async () => {
    await artifacts.clear();
    await revocations.clear();
    await signingKeys.clear();
  };
  const sweep = startSweep(clear, log);
  const limitTokens = createLimit(parts.createLimiter, 'oauth-token', 600);
  const limitPages = createLimit(parts.createLimiter, 'oauth-authorize', 300);
  const interaction = { ...{ server, sessions, grants, cookieNames, knownScopes, inWords }, ...pages };
  return {
    doors: [
      {
        name: 'oauth',
        routes: [
          ...authorizeRoutes({ server, sessions, cookieNames, limit: limitPages }),
          ...interactionRoutes({ ...interaction, clients: apps.clients, past: apps.grants.past }),
          ...tokenRoutes({ server, limit: limitTokens }),
          ...keyRoutes({ signingKeys, audit: parts.audit }),
        ],
      },
      {
        ...{ name: 'oauth-metadata', crossOrigin: true },
        routes: metadataRoutes({ publicUrl, knownScopes, signingKeys }),
      },
    ],
    clear,
    async close() {
      await sweep.close();
      await events.close();
    },
  };
}

function namesOf(publicUrl: string) {
  // Cookies that are for one path cannot be `__Host-`.
  const prefix = publicUrl.startsWith('https:') ? '__Secure-' : '';
  return {
    session: 'oauth_session',
    interaction: `${prefix}portolan_app_request`,
    resume: `${prefix}portolan_app_return`,
  };
}

async function isPerson(database: Database, userId: string): Promise<boolean> {
  const text = `SELECT FROM "portolan_user" WHERE "id"::text = $1 AND "disabledAt" IS NULL`;
  return (await database.query(text, [userId], { name: 'oauth_is_person' })).rowCount > 0;
}

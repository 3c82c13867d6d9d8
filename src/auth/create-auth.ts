// Request -> Principal, the same for every API.

import { type Audit, createAudit } from '../audit/create-audit.ts';
import type { Config } from '../base/config/config.ts';
import type { Database } from '../base/database/database.ts';
import type { Logger } from '../base/log.ts';
import type { Principal } from '../base/principal.ts';
import type { Incoming } from '../http/message/message.ts';
import type { PrismaClient } from '../platform/prisma.ts';
import { loadPeppers } from '../safestore/peppers.ts';
import { createSealRotation, type SealRotation } from '../safestore/rotation.ts';
import { createSafestore, type Safestore } from '../safestore/safestore.ts';
import { createUserKeys } from '../safestore/user-keys.ts';
import {
  expiredKey,
  inactiveToken,
  invalidKey,
  malformedKey,
  twoCredentials,
  unauthenticated,
} from './challenge.ts';
import { credentialReaders, readCredential } from './credentials.ts';
import { readApiKey } from './keys/api-key.ts';
import { createKeyCache } from './keys/cache.ts';
import { createKeys, type Keys } from './keys/keys.ts';
import { createKeyUsage } from './keys/usage.ts';
import { createVerifyKey, type VerifiedKey } from './keys/verify.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { requireSameOrigin } from './sessions/cross-site.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';
import { type AccessTokens, createAccessTokens, type LiveToken } from './tokens/access-tokens.ts';
import { createExternalTokens } from './tokens/external-tokens.ts';
import { createSigningKeys, type SigningKeys } from './tokens/signing-keys.ts';

export interface Auth {
  /** @throws UNAUTHENTICATED, INVALID_CREDENTIAL (both with `www-authenticate`), TWO_CREDENTIALS, FOREIGN_PAGE */
  authenticate(request: Incoming): Promise<Principal>;
  readonly keys: Keys;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  readonly signingKeys: SigningKeys;
  readonly safestore: Safestore;
  readonly audit: Audit;
  readonly sealRotation: SealRotation;
  /** Waits for pending writes. The database must be open. */
  close(): Promise<void>;
}

export interface AuthDeps {
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly log: Logger;
  readonly catalog: { readonly scopes: readonly string[] };
}

/** @throws ConfigFault where the peppers are missing or cannot be read */
export function createAuth({ database, prisma, config, log, catalog }: AuthDeps): Auth {
  const peppers = loadPeppers(config);
  const audit = createAudit({ database, log });
  const userKeys = createUserKeys(prisma);
  const safestore = createSafestore({ peppers, userKeys });
  const cache = createKeyCache(
    createVerifyKey({ database, safestore, peppers, log, knownScopes: catalog.scopes }),
  );
  const usage = createKeyUsage(database, log);
  const grantUsage = createKeyUsage(database, log, 'app_grant');
  const readers = credentialReaders(config);
  const sessions = createSessions({ database, config, log, knownScopes: catalog.scopes });
  const signingKeys = createSigningKeys({ database, safestore });
  const tokens = createAccessTokens({
    database,
    keys: signingKeys,
    publicUrl: config.publicUrl,
    knownScopes: catalog.scopes,
  });
  const externalTokens = createExternalTokens({
    database,
    log,
    issuers: config.trustedIssuers,
    knownScopes: catalog.scopes,
  });
  const keys = createKeys({ prisma, safestore, audit, knownScopes: catalog.scopes, onChange: cache.forget });

  /** To be called when a user changed: drops everything cached about their credentials. */
  function forget(userId: string): void {
    sessions.forget(userId);
    cache.forgetOf(userId);
    tokens.forget(({ principal }) => principal.userId === userId);
  }

  async function authenticate(request: Incoming): Promise<Principal> {
    const credential = readCredential(request, readers);
    const session = request.header('cookie') === undefined ? undefined : await sessions.find(request);
    if (session) {
      // The cookie of an ended session is ignored, so it does not conflict with another credential.
      if (credential) throw twoCredentials(credential.place, 'the session cookie');
      requireSameOrigin(request, config.publicUrl);
      return session.principal;
    }
    if (!credential) throw unauthenticated();
    if (credential.kind === 'token') return fromToken(credential.value, request.address);
    const { principal } = valid(await verified(credential.value));
    usage.note(principal.id, request.address);
    return principal;
  }

  async function fromToken(token: string, address: string): Promise<Principal> {
    const live = await tokens.find(token);
    if (!live) {
      const external = await externalTokens.find(token);
      if (external) return external;
      throw inactiveToken((await tokens.isGenuine(token)) || (await externalTokens.isGenuine(token)));
    }
    noteGrant(live, address);
    return live.principal;
  }

  function noteGrant({ claims: { grantId } }: LiveToken, address: string): void {
    if (grantId !== undefined) grantUsage.note(grantId, address);
  }

  function verified(key: string): Promise<VerifiedKey | undefined> {
    const recalled = cache.recall(key);
    if (recalled) return recalled;
    const wellFormed = readApiKey(key);
    if (!wellFormed) throw malformedKey();
    return cache.verify(wellFormed);
  }

  return {
    authenticate,
    keys,
    tokens,
    signingKeys,
    safestore,
    audit,
    sessions: { ...sessions, forget },
    sealRotation: createSealRotation({ database, safestore, userKeys, peppers, log }),
    passwords: createPasswords(peppers),
    async close() {
      await usage.close();
      await grantUsage.close();
      await sessions.close();
    },
  };
}

/** Checked on every use, because a cached key may have expired since. */
function valid(key: VerifiedKey | undefined): VerifiedKey {
  if (!key) throw invalidKey();
  if (key.expiresAt !== undefined && key.expiresAt <= Date.now()) throw expiredKey(key.expiresAt);
  return key;
}

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
import { Authenticator } from './authenticator.ts';
import { createKeyCache } from './keys/cache.ts';
import { createKeys, type Keys } from './keys/keys.ts';
import { createKeyUsage } from './keys/usage.ts';
import { createVerifyKey } from './keys/verify.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';
import { type AccessTokens, createAccessTokens } from './tokens/access-tokens.ts';
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
  const { scopes: knownScopes } = catalog;
  const peppers = loadPeppers(config);
  const audit = createAudit({ database, log });
  const userKeys = createUserKeys(prisma);
  const safestore = createSafestore({ peppers, userKeys });
  const cache = createKeyCache(createVerifyKey({ database, safestore, peppers, log, knownScopes }));
  const signingKeys = createSigningKeys({ database, safestore });
  const tokens = createAccessTokens({
    database,
    keys: signingKeys,
    publicUrl: config.publicUrl,
    knownScopes,
  });
  // When a user changed, everything cached about their credentials goes.
  const onForget = (userId: string): void => {
    cache.forgetOf(userId);
    tokens.forget(({ principal }) => principal.userId === userId);
  };
  const sessions = createSessions({ database, config, log, knownScopes, onForget });
  const issuers = config.trustedIssuers;
  const externalTokens = createExternalTokens({ database, log, issuers, knownScopes });
  const usage = createKeyUsage(database, log);
  const grantUsage = createKeyUsage(database, log, 'app_grant');
  const credentials = { config, cache, sessions, tokens, externalTokens, usage, grantUsage };
  const authenticator = new Authenticator(credentials);
  return {
    authenticate: request => authenticator.authenticate(request),
    keys: createKeys({ prisma, safestore, audit, knownScopes, onChange: cache.forget }),
    tokens,
    signingKeys,
    safestore,
    audit,
    sessions,
    sealRotation: createSealRotation({ database, safestore, userKeys, peppers, log }),
    passwords: createPasswords(peppers),
    async close() {
      await usage.close();
      await grantUsage.close();
      await sessions.close();
    },
  };
}

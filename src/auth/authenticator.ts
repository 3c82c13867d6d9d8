// A request's credential -> Principal, of every kind of credential.

import type { Config } from '../base/config/config.ts';
import type { Principal } from '../base/principal.ts';
import type { Incoming } from '../http/message/message.ts';
import {
  expiredKey,
  inactiveToken,
  invalidKey,
  malformedKey,
  twoCredentials,
  unauthenticated,
} from './challenge.ts';
import { type CredentialReader, credentialReaders, readCredential } from './credentials.ts';
import { readApiKey } from './keys/api-key.ts';
import type { KeyCache } from './keys/cache.ts';
import type { KeyUsage } from './keys/usage.ts';
import type { VerifiedKey } from './keys/verify.ts';
import { requireSameOrigin } from './sessions/cross-site.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { AccessTokens, LiveToken } from './tokens/access-tokens.ts';
import type { ExternalTokens } from './tokens/external-tokens.ts';

interface AuthenticatorDeps {
  readonly config: Config;
  readonly cache: KeyCache;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  readonly externalTokens: ExternalTokens;
  readonly usage: KeyUsage;
  readonly grantUsage: KeyUsage;
}

export class Authenticator {
  readonly #deps: AuthenticatorDeps;
  readonly #readers: readonly CredentialReader[];

  constructor(deps: AuthenticatorDeps) {
    this.#deps = deps;
    this.#readers = credentialReaders(deps.config);
  }

  /** @throws UNAUTHENTICATED, INVALID_CREDENTIAL (both with `www-authenticate`), TWO_CREDENTIALS, FOREIGN_PAGE */
  async authenticate(request: Incoming): Promise<Principal> {
    const { sessions, config, usage } = this.#deps;
    const credential = readCredential(request, this.#readers);
    const session = request.header('cookie') === undefined ? undefined : await sessions.find(request);
    if (session) {
      // The cookie of an ended session is ignored, so it does not conflict with another credential.
      if (credential) throw twoCredentials(credential.place, 'the session cookie');
      requireSameOrigin(request, config.publicUrl);
      return session.principal;
    }
    if (!credential) throw unauthenticated();
    if (credential.kind === 'token') return this.#fromToken(credential.value, request.address);
    const { principal } = valid(await this.#verified(credential.value));
    usage.note(principal.id, request.address);
    return principal;
  }

  async #fromToken(token: string, address: string): Promise<Principal> {
    const { tokens, externalTokens } = this.#deps;
    const live = await tokens.find(token);
    if (!live) {
      const external = await externalTokens.find(token);
      if (external) return external;
      throw inactiveToken((await tokens.isGenuine(token)) || (await externalTokens.isGenuine(token)));
    }
    this.#noteGrant(live, address);
    return live.principal;
  }

  #noteGrant({ claims: { grantId } }: LiveToken, address: string): void {
    if (grantId !== undefined) this.#deps.grantUsage.note(grantId, address);
  }

  #verified(key: string): Promise<VerifiedKey | undefined> {
    const { cache } = this.#deps;
    const recalled = cache.recall(key);
    if (recalled) return recalled;
    const wellFormed = readApiKey(key);
    if (!wellFormed) throw malformedKey();
    return cache.verify(wellFormed);
  }
}

/** Checked on every use, because a cached key may have expired since. */
function valid(key: VerifiedKey | undefined): VerifiedKey {
  if (!key) throw invalidKey();
  if (key.expiresAt !== undefined && key.expiresAt <= Date.now()) throw expiredKey(key.expiresAt);
  return key;
}

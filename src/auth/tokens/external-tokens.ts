// Access tokens of other issuers that the configuration trusts. They act for a user of this server, within the user's scopes.

import { hash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { TrustedIssuer } from '../../base/config/trusted-issuers.ts';
import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import { findActiveUser } from '../../platform/tables/users.ts';
import { ownedScopes } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import { remoteKeys } from './remote-keys.ts';
import { createShortMemory } from './short-memory.ts';

export interface ExternalTokens {
  /** @returns undefined for an untrusted issuer, an invalid token or an unknown user */
  find(token: string): Promise<Principal | undefined>;
  /** @returns whether a trusted issuer signed the token for this server, even if it has expired */
  isGenuine(token: string): Promise<boolean>;
}

export interface ExternalTokensDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly issuers: readonly TrustedIssuer[];
  readonly knownScopes: readonly string[];
}

/** Asymmetric algorithms only: no one but the issuer can sign. */
const algorithms = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

const rememberedMs = 500;
const tokensMax = 10_000;
const lengthMax = 8_000;

interface Verified {
  readonly issuer: TrustedIssuer;
  readonly payload: JWTPayload;
}

export const createExternalTokens = (deps: ExternalTokensDeps): ExternalTokens =>
  new ExternalTokenService(deps);

class ExternalTokenService implements ExternalTokens {
  readonly #deps: ExternalTokensDeps;
  readonly #trusted;
  readonly #verified = new BoundedCache<Verified>(tokensMax);
  readonly #memory;

  constructor(deps: ExternalTokensDeps) {
    const { issuers } = deps;
    this.#deps = deps;
    this.#trusted = new Map(issuers.map(issuer => [issuer.issuer, { issuer, keys: remoteKeys(issuer) }]));
    this.#memory = createShortMemory<Principal>(rememberedMs, async digest => {
      const known = this.#verified.get(digest);
      return known && this.#toPrincipal(known);
    });
  }

  async find(token: string): Promise<Principal | undefined> {
    const signed = await this.#signedBy(token);
    return signed && signed.payload.exp! * 1000 > Date.now() ? this.#memory.find(signed.digest) : undefined;
  }

  async #signedBy(token: string): Promise<(Verified & { readonly digest: string }) | undefined> {
    if (this.#trusted.size === 0 || token.length > lengthMax) return undefined;
    const digest = hash('sha256', token, 'base64');
    const known = this.#verified.get(digest) ?? (await this.#verify(token));
    if (!known) return undefined;
    this.#verified.set(digest, known);
    return { ...known, digest };
  }

  /** Does not check the expiry. */
  async #verify(token: string): Promise<Verified | undefined> {
    const found = this.#trusted.get(claimedIssuer(token) ?? '');
    if (!found) return undefined;
    const { issuer, keys } = found;
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        issuer: issuer.issuer,
        audience: issuer.audience,
        currentDate: new Date(),
        requiredClaims: ['exp', 'sub'],
      });
      return isIdToken(payload) ? undefined : { issuer, payload };
    } catch (error) {
      // jose checks the expiry last, so everything else is valid.
      if (error instanceof errors.JWTExpired)
        return isIdToken(error.payload) ? undefined : { issuer, payload: error.payload };
      // An invalid token is the caller's problem; an issuer that cannot be reached is the operator's, so it is logged.
      if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout)
        this.#logUnverified(error, issuer);
      return undefined;
    }
  }

  #logUnverified(error: unknown, { issuer }: TrustedIssuer): void {
    this.#deps.log.warn({ err: error, issuer }, 'a token of another issuer could not be verified');
  }

  async #toPrincipal({ issuer, payload }: Verified): Promise<Principal | undefined> {
    const { database, knownScopes } = this.#deps;
    const email = issuer.actAs ?? verifiedEmail(payload);
    if (email === undefined) return undefined;
    const user = await findActiveUser(database, email.toLowerCase());
    if (!user) return undefined;
    const owned = ownedScopes(user, knownScopes);
    const scopes = effectiveScopes(grantedBy(issuer, payload), owned);
    return Object.freeze({
      kind: 'token',
      id: hash('sha256', `${payload.iss} ${payload.sub} ${payload.jti ?? ''}`, 'base64url').slice(0, 22),
      userId: user.id,
      name: new URL(issuer.issuer).host,
      scopes: new Set(scopes),
      scopeKey: scopes.join(' '),
      expiresAt: payload.exp === undefined ? undefined : payload.exp * 1_000,
    });
  }

  async isGenuine(token: string): Promise<boolean> {
    return (await this.#signedBy(token)) !== undefined;
  }
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Only ID tokens have these claims. They tell an app who signed in and give no access (OpenID Connect Core, 2). */
const isIdToken = (payload: JWTPayload): boolean =>
  ['nonce', 'at_hash', 'c_hash'].some(claim => payload[claim] !== undefined);

/** An unverified address could belong to anyone. */
const verifiedEmail = ({ email, email_verified: checked }: JWTPayload): string | undefined =>
  typeof email === 'string' && checked === true && !email.includes('\0') ? email : undefined;

function grantedBy({ scopes, scopeClaim }: TrustedIssuer, payload: JWTPayload): readonly string[] {
  if (scopeClaim === undefined) return scopes;
  const claim = payload[scopeClaim];
  const names = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim.map(String) : [];
  return effectiveScopes(names.filter(Boolean), scopes);
}

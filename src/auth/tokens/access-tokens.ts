// Access tokens of this server -> Principal: JWTs (RFC 9068), checked against the current state of user, app and grant.

import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { errors, jwtVerify } from 'jose';
import type { Database } from '../../base/database/database.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import { readClaims, type TokenClaims } from './claims.ts';
import { createCredentialCache } from './credential-cache.ts';
import { createLiveTokens } from './live-tokens.ts';
import { type SigningKeys, tokenAlgorithm } from './signing-keys.ts';

export interface AccessTokens {
  /** @returns the claims of a token signed by this server that has not expired, whether revoked or not */
  read(token: string): Promise<TokenClaims | undefined>;
  /** @returns the token's principal; undefined when it was revoked, or its app, user or grant is no longer active */
  find(token: string): Promise<LiveToken | undefined>;
  /** @returns whether this server signed the token, even if it has expired or been revoked */
  isGenuine(token: string): Promise<boolean>;
  /** @param payload of a token about to be signed @returns its scopes at this moment; none if it would not be active */
  scopesOf(payload: JWTPayload): Promise<readonly string[]>;
  /** Drops cached tokens, so that a revocation takes effect here at once. */
  forget(matches: (token: LiveToken) => boolean): void;
}

/** An active token. */
export interface LiveToken {
  readonly claims: TokenClaims;
  readonly principal: Principal;
}

export interface AccessTokensDeps {
  readonly database: Database;
  readonly keys: SigningKeys;
  readonly publicUrl: string;
  readonly knownScopes: readonly string[];
}

/** A revocation on another instance takes effect here within this time. */
const rememberedMs = 500;
const tokensMax = 10_000;
const lengthMax = 8_000;

const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** jose is lenient with base64; a token must have exactly one valid spelling. */
const isExact = (token: string): boolean =>
  shape.test(token) &&
  token.split('.').every(part => Buffer.from(part, 'base64url').toString('base64url') === part);

/** The audience (RFC 9068) of the server's own tokens. */
export const audienceOf = (publicUrl: string): string => `${publicUrl}/api`;

export function createAccessTokens({
  database,
  keys,
  publicUrl,
  knownScopes,
}: AccessTokensDeps): AccessTokens {
  // Keyed by SHA-256 of the token, so that a memory dump contains no token. A valid signature stays valid.
  const verified = new BoundedCache<TokenClaims>(tokensMax);
  const lookUp = createLiveTokens({ database, knownScopes });
  const memory = createCredentialCache<LiveToken>(rememberedMs, async digest => {
    const claims = verified.get(digest);
    const principal = claims && (await lookUp(claims));
    return claims && principal && Object.freeze({ claims, principal });
  });

  async function read(token: string): Promise<TokenClaims | undefined> {
    return readBy(digestOf(token), token);
  }

  async function readBy(digest: string, token: string): Promise<TokenClaims | undefined> {
    const claims = await signedBy(digest, token);
    return claims && claims.expiresAt > Date.now() ? claims : undefined;
  }

  async function signedBy(digest: string, token: string): Promise<TokenClaims | undefined> {
    const known = verified.get(digest);
    if (known) return known;
    const claims = await verify(token);
    if (claims) verified.set(digest, claims);
    return claims;
  }

  /** Does not check the expiry. */
  async function verify(token: string): Promise<TokenClaims | undefined> {
    if (token.length > lengthMax || !isExact(token)) return undefined;
    try {
      const { payload } = await jwtVerify(token, async ({ kid }) => publicKey(kid), {
        algorithms: [tokenAlgorithm],
        typ: 'at+jwt',
        issuer: publicUrl,
        audience: audienceOf(publicUrl),
        requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'],
        currentDate: new Date(),
      });
      return readClaims(payload);
    } catch (error) {
      // jose checks the expiry last, so everything else is valid.
      if (error instanceof errors.JWTExpired) return readClaims(error.payload);
      if (isTokenError(error)) return undefined;
      throw error;
    }
  }

  async function publicKey(kid: unknown) {
    const key = typeof kid === 'string' ? await keys.find(kid) : undefined;
    if (!key) throw new UnknownKey();
    return key;
  }

  async function find(token: string): Promise<LiveToken | undefined> {
    const digest = digestOf(token);
    return (await readBy(digest, token)) && memory.find(digest);
  }

  async function scopesOf(payload: JWTPayload): Promise<readonly string[]> {
    const claims = readClaims(payload);
    const principal = claims && (await lookUp(claims));
    return principal ? [...principal.scopes] : [];
  }

  return {
    read,
    find,
    scopesOf,
    forget: memory.forgetWhere,
    isGenuine: async token => (await signedBy(digestOf(token), token)) !== undefined,
  };
}

class UnknownKey extends Error {}

/** Whether the token is invalid, as opposed to a server error. Errors of jose have codes such as ERR_JWT_EXPIRED. */
const isTokenError = (error: unknown): boolean =>
  error instanceof UnknownKey ||
  (error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_J'));

const digestOf = (token: string): string => hash('sha256', token, 'base64');

// Bearer tokens of our own authorization server -> Principal: JWTs (RFC 9068) that are checked against what is true now.

import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { errors, jwtVerify } from 'jose';
import type { Database } from '../../base/database/database.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import { readClaims, type TokenClaims } from './claims.ts';
import { createLiveTokens } from './live-tokens.ts';
import { createShortMemory } from './short-memory.ts';
import { type SigningKeys, tokenAlgorithm } from './signing-keys.ts';

export interface AccessTokens {
  /** @returns the claims of a token that we signed and that has not expired, whether it was revoked or not */
  read(token: string): Promise<TokenClaims | undefined>;
  /** @returns whom a token stands for now; undefined where it was revoked, or app, person or consent are gone */
  find(token: string): Promise<LiveToken | undefined>;
  /** @returns whether we signed it, though it may have expired or been revoked */
  isGenuine(token: string): Promise<boolean>;
  /** @param payload of a token that is about to be signed @returns what it may do at this moment; nothing where it would be dead */
  scopesOf(payload: JWTPayload): Promise<readonly string[]>;
  /** Forgets what was found: for what was revoked here, and is to be dead here at once. */
  forget(isOver: (token: LiveToken) => boolean): void;
}

/** A token that is good now. */
export interface LiveToken {
  readonly claims: TokenClaims;
  readonly principal: Principal;
}

export interface AccessTokensParts {
  readonly database: Database;
  readonly keys: SigningKeys;
  readonly publicUrl: string;
  readonly knownScopes: readonly string[];
}

/** What was revoked on another instance is dead here within this time. */
const rememberedMs = 500;
const tokensMax = 10_000;
const lengthMax = 8_000;

const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** jose alone is lenient with base64: there must be one way to write a token, and no other. */
const isExact = (token: string): boolean =>
  shape.test(token) &&
  token.split('.').every(part => Buffer.from(part, 'base64url').toString('base64url') === part);

/** What our tokens are for: the audience of RFC 9068. */
export const audienceOf = (publicUrl: string): string => `${publicUrl}/api`;

export function createAccessTokens({
  database,
  keys,
  publicUrl,
  knownScopes,
}: AccessTokensParts): AccessTokens {
  // By SHA-256 of the token: a memory dump yields no token. A signature once found right stays right.
  const verified = new BoundedCache<TokenClaims>(tokensMax);
  const lookUp = createLiveTokens({ database, knownScopes });
  const memory = createShortMemory<LiveToken>(rememberedMs, async digest => {
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

  /** Whether it has expired is not asked here. */
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
      // Thrown after all else was found right.
      if (error instanceof errors.JWTExpired) return readClaims(error.payload);
      if (isRefusal(error)) return undefined;
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

/** Whether the token is at fault, and not the server. Errors of jose have codes such as ERR_JWT_EXPIRED. */
const isRefusal = (error: unknown): boolean =>
  error instanceof UnknownKey ||
  (error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_J'));

const digestOf = (token: string): string => hash('sha256', token, 'base64');

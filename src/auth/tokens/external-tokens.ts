// Access tokens of other issuers that the configuration trusts: for a person of ours, and never for more than they may do.

import { hash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { TrustedIssuer } from '../../base/config/trusted-issuers.ts';
import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import { ownedScopes, type Role } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import { remoteKeys } from './remote-keys.ts';
import { createShortMemory } from './short-memory.ts';

export interface ExternalTokens {
  /** @returns undefined for a token of nobody that we trust, one that is not in order, or of nobody that we know */
  find(token: string): Promise<Principal | undefined>;
  /** @returns whether an issuer that we trust signed it for us, though it may have expired */
  isGenuine(token: string): Promise<boolean>;
}

export interface ExternalTokensParts {
  readonly database: Database;
  readonly log: Logger;
  readonly issuers: readonly TrustedIssuer[];
  readonly knownScopes: readonly string[];
}

/** Signatures that anybody can check, and nobody but the issuer can make. */
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

const personText = `
SELECT "id", "role"::text, array_to_json("scopes") FROM "portolan"."user" WHERE "email" = $1 AND "disabledAt" IS NULL`;

interface Verified {
  readonly issuer: TrustedIssuer;
  readonly payload: JWTPayload;
}

export function createExternalTokens({
  database,
  log,
  issuers,
  knownScopes,
}: ExternalTokensParts): ExternalTokens {
  const trusted = new Map(issuers.map(issuer => [issuer.issuer, { issuer, keys: remoteKeys(issuer) }]));
  const verified = new BoundedCache<Verified>(tokensMax);
  const memory = createShortMemory<Principal>(rememberedMs, async digest => {
    const known = verified.get(digest);
    return known && toPrincipal(known);
  });

  async function find(token: string): Promise<Principal | undefined> {
    const signed = await signedBy(token);
    return signed && signed.payload.exp! * 1000 > Date.now() ? memory.find(signed.digest) : undefined;
  }

  async function signedBy(token: string): Promise<(Verified & { readonly digest: string }) | undefined> {
    if (trusted.size === 0 || token.length > lengthMax) return undefined;
    const digest = hash('sha256', token, 'base64');
    const known = verified.get(digest) ?? (await verify(token));
    if (!known) return undefined;
    verified.set(digest, known);
    return { ...known, digest };
  }

  /** Whether it has expired is not asked here. */
  async function verify(token: string): Promise<Verified | undefined> {
    const found = trusted.get(claimedIssuer(token) ?? '');
    if (!found) return undefined;
    const { issuer, keys } = found;
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...{ algorithms, issuer: issuer.issuer, audience: issuer.audience, currentDate: new Date() },
        requiredClaims: ['exp', 'sub'],
      });
      return isIdToken(payload) ? undefined : { issuer, payload };
    } catch (error) {
      // Thrown after all else was found right.
      if (error instanceof errors.JWTExpired)
        return isIdToken(error.payload) ? undefined : { issuer, payload: error.payload };
      // What concerns the token is its sender's; that the issuer cannot be reached, whoever runs the server must know.
      if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout)
        log.warn({ err: error, issuer: issuer.issuer }, 'a token of another issuer could not be checked');
      return undefined;
    }
  }

  async function toPrincipal({ issuer, payload }: Verified): Promise<Principal | undefined> {
    const email = issuer.actAs ?? verifiedEmail(payload);
    if (email === undefined) return undefined;
    const { rows } = await database.query(personText, [email.toLowerCase()], { name: 'auth_find_external' });
    const [userId, role, ownScopes] = rows[0] ?? [];
    if (userId == null) return undefined;
    const owned = ownedScopes(
      { role: (role ?? null) as Role | null, scopes: JSON.parse(ownScopes ?? '[]') },
      knownScopes,
    );
    const scopes = effectiveScopes(grantedBy(issuer, payload), owned);
    return Object.freeze({
      kind: 'token',
      id: hash('sha256', `${payload.iss} ${payload.sub} ${payload.jti ?? ''}`, 'base64url').slice(0, 22),
      userId,
      name: new URL(issuer.issuer).host,
      scopes: new Set(scopes),
      scopeKey: scopes.join(' '),
      expiresAt: payload.exp === undefined ? undefined : payload.exp * 1_000,
    });
  }

  return { find, isGenuine: async token => (await signedBy(token)) !== undefined };
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** An ID token tells an app who signed in, and gives it no access (OpenID Connect Core, 2): these claims are its own. */
const isIdToken = (payload: JWTPayload): boolean =>
  ['nonce', 'at_hash', 'c_hash'].some(claim => payload[claim] !== undefined);

/** An address that nobody verified could be anybody's. */
const verifiedEmail = ({ email, email_verified: checked }: JWTPayload): string | undefined =>
  typeof email === 'string' && checked === true && !email.includes('\0') ? email : undefined;

function grantedBy({ scopes, scopeClaim }: TrustedIssuer, payload: JWTPayload): readonly string[] {
  if (scopeClaim === undefined) return scopes;
  const said = payload[scopeClaim];
  const names = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said.map(String) : [];
  return effectiveScopes(names.filter(Boolean), scopes);
}

// Access tokens of other issuers that the configuration trusts. They act for a user of this server, within the user's scopes.

import { hash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { TrustedIssuer } from '../../base/config/trusted-issuers.ts';
import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import { ownedScopes, type Role } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import { createCredentialCache } from './credential-cache.ts';
import { remoteKeys } from './remote-keys.ts';

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

const userText = `
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
}: ExternalTokensDeps): ExternalTokens {
  const trusted = new Map(issuers.map(issuer => [issuer.issuer, { issuer, keys: remoteKeys(issuer) }]));
  const verified = new BoundedCache<Verified>(tokensMax);
  const memory = createCredentialCache<Principal>(rememberedMs, async digest => {
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

  /** Does not check the expiry. */
  async function verify(token: string): Promise<Verified | undefined> {
    const found = trusted.get(claimedIssuer(token) ?? '');
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
        log.warn({ err: error, issuer: issuer.issuer }, 'a token of another issuer could not be verified');
      return undefined;
    }
  }

  async function toPrincipal({ issuer, payload }: Verified): Promise<Principal | undefined> {
    const email = issuer.actAs ?? verifiedEmail(payload);
    if (email === undefined) return undefined;
    const { rows } = await database.query(userText, [email.toLowerCase()], { name: 'auth_find_external' });
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

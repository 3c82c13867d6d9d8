// The public keys of other issuers: fetched when needed, cached, and limited in size.

import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { isSafeUrl, type TrustedIssuer } from '../../base/config/trusted-issuers.ts';

const timeoutMs = 5_000;
const bytesMax = 262_144;
/** Tokens with invented key ids cannot have the keys fetched more often than this. */
const cooldownMs = 30_000;
const cachedMs = 600_000;

/** @returns a function that finds the key for a token. It fetches the metadata for the first token, and again after a failure. */
export function remoteKeys({ issuer, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function keys(): Promise<JWTVerifyGetKey> {
    const url = new URL(jwksUri ?? (await discover(issuer)));
    return createRemoteJWKSet(url, {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: cachedMs,
      [customFetch]: fetchLimited,
    });
  }

  return async (header, token) => {
    if (!found && performance.now() - failedAt < cooldownMs) throw new UnreachableIssuer(issuer);
    found ??= keys();
    // Only a failed discovery is repeated: an invalid token must not slow down others.
    const find = await found.catch(cause => {
      found = undefined;
      failedAt = performance.now();
      throw new UnreachableIssuer(issuer, cause);
    });
    return find(header, token);
  };
}

class UnreachableIssuer extends Error {
  constructor(issuer: string, cause?: unknown) {
    super(`The keys of ${issuer} cannot be fetched.`, { cause });
    this.name = 'UnreachableIssuer';
  }
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetchLimited(address, {});
  const metadata = (await response.json()) as Record<string, unknown>;
  if (response.status !== 200 || metadata.issuer !== issuer || !isSafeUrl(metadata.jwks_uri))
    throw new UnreachableIssuer(issuer);
  return metadata.jwks_uri;
}

/** Follows no redirects, and limits the time and the size of the response. */
async function fetchLimited(address: string, init: RequestInit): Promise<Response> {
  const response = await fetch(address, {
    ...init,
    redirect: 'error',
    signal: init.signal ?? AbortSignal.timeout(timeoutMs),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > bytesMax) throw new Error(`${address} answered with more than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers });
}

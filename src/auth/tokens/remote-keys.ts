// The keys of other issuers: fetched when they are needed, kept for a while, and never more than a little of them.

import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { isSafeUrl, type TrustedIssuer } from '../../base/config/trusted-issuers.ts';

const timeoutMs = 5_000;
const bytesMax = 262_144;
/** Whoever sends tokens with made-up key ids cannot have the keys fetched more often. */
const cooldownMs = 30_000;
const keptMs = 600_000;

/** @returns what finds a key by a token's header; its metadata is read when the first token comes, again after a failure */
export function remoteKeys({ issuer, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function keys(): Promise<JWTVerifyGetKey> {
    const url = new URL(jwksUri ?? (await discover(issuer)));
    return createRemoteJWKSet(url, {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: keptMs,
      [customFetch]: fetchLittle,
    });
  }

  return async (header, token) => {
    if (!found && performance.now() - failedAt < cooldownMs) throw new UnreachableIssuer(issuer);
    found ??= keys();
    // What a token gets wrong must not cost others: only the way to the keys is looked for again.
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
    super(`The keys of ${issuer} cannot be had.`, { cause });
    this.name = 'UnreachableIssuer';
  }
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetchLittle(address, {});
  const metadata = (await response.json()) as Record<string, unknown>;
  if (response.status !== 200 || metadata.issuer !== issuer || !isSafeUrl(metadata.jwks_uri))
    throw new UnreachableIssuer(issuer);
  return metadata.jwks_uri;
}

/** No redirects, no answer that does not end, and none without end. */
async function fetchLittle(address: string, init: RequestInit): Promise<Response> {
  const response = await fetch(address, {
    ...init,
    redirect: 'error',
    signal: init.signal ?? AbortSignal.timeout(timeoutMs),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > bytesMax) throw new Error(`${address} answers with more than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers });
}

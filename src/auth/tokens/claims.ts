import type { JWTPayload } from 'jose';

/** The claims of the server's own access tokens (RFC 9068 section 2.2). */
export interface TokenClaims {
  readonly id: string;
  /** The app. */
  readonly clientId: string;
  /** The user; for the client credentials grant, the app. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** The user's grant; undefined for the client credentials grant. */
  readonly grantId?: string;
  /**
   * Tokens of a family are revoked together: all tokens issued from one authorization code or, for the client credentials
   * grant, with one app secret.
   */
  readonly familyId?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly payload: JWTPayload;
}

/** @param payload of a token with a valid signature */
export function readClaims(payload: JWTPayload): TokenClaims | undefined {
  const { jti, client_id: clientId, sub, scope = '', gid, fid, exp } = payload;
  if (!jti || typeof clientId !== 'string' || !sub || typeof scope !== 'string' || !exp) return undefined;
  return Object.freeze({
    id: jti,
    clientId,
    subject: sub,
    scopes: scope.split(' ').filter(Boolean),
    grantId: typeof gid === 'string' ? gid : undefined,
    familyId: typeof fid === 'string' ? fid : undefined,
    expiresAt: exp * 1000,
    payload,
  });
}

import type { JWTPayload } from 'jose';

/** What one of our access tokens says (RFC 9068 section 2.2). */
export interface TokenClaims {
  readonly id: string;
  /** The app. */
  readonly clientId: string;
  /** The user; of an app that acts for itself, the app. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** The grant that a user gave; undefined where the app acts for itself. */
  readonly grantId?: string;
  /**
   * What was issued together lives and dies together: all tokens that go back to one authorization code, or, where the
   * app acts for itself, to one of its secrets.
   */
  readonly familyId?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly payload: JWTPayload;
}

/** @param payload of a token whose signature is right */
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

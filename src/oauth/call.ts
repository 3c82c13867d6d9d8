// The context of a request while oidc-provider answers it, for its hooks.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { LiveSession } from '../auth/sessions/sessions.ts';
import type { Incoming } from '../http/message/message.ts';

/** A code or refresh token that the app presented, and that exists. */
export interface Presented {
  readonly kind: string;
  readonly familyId: string;
  readonly clientId?: string;
  readonly userId?: string;
  /** Whether it was used before. */
  readonly used: boolean;
}

export interface Call {
  readonly request: Incoming;
  /** The browser's session; nothing else says who is signed in. */
  readonly session?: LiveSession;
  /** The id of the family of tokens issued for this authorization, which are revoked together. Not secret. */
  readonly familyId: string;
  /** The redirect URIs that the user has agreed to for this app. */
  agreedUris?: readonly string[];
  presented?: Presented;
  /** The id of the app secret that matched. */
  secretId?: string;
  /** Whether a secret was compared, right or wrong. */
  compared?: boolean;
}

const calls = new AsyncLocalStorage<Call>();

export const newCall = (request: Incoming, session?: LiveSession, familyId = newFamilyId()): Call => ({
  request,
  session,
  familyId,
});

const newFamilyId = (): string => randomBytes(16).toString('base64url');

export const duringCall = <T>(call: Call, work: () => Promise<T>): Promise<T> => calls.run(call, work);

/** @throws Error outside of `duringCall`: nothing must be issued without a context */
export function currentCall(): Call {
  const call = calls.getStore();
  if (!call) throw new Error('The authorization server was called outside its routes.');
  return call;
}

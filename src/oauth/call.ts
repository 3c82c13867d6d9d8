// What we know of a request while oidc-provider answers it, for the hooks that it calls.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { LiveSession } from '../auth/sessions/sessions.ts';
import type { Incoming } from '../http/message/message.ts';

/** A code or refresh token that was found. */
export interface Presented {
  readonly kind: string;
  readonly familyId: string;
  readonly clientId?: string;
  readonly userId?: string;
  /** Whether it had been used before. */
  readonly used: boolean;
}

export interface Call {
  readonly request: Incoming;
  /** Who is signed in here: the only truth about that. */
  readonly session?: LiveSession;
  /** Names all that will be issued for this authorization, to be revoked together. No secret. */
  readonly familyId: string;
  /** Where the user agreed to be sent by the app that asks. */
  agreedUris?: readonly string[];
  /** The code or refresh token that was presented. */
  presented?: Presented;
  /** The app's secret that fitted. */
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

/** @throws Error outside of `duringCall`: nothing may be issued without knowing for whom */
export function currentCall(): Call {
  const call = calls.getStore();
  if (!call) throw new Error('The authorization server was called past its routes.');
  return call;
}

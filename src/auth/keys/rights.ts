// Who may do what about API keys: everybody about their own, `admin` about everybody's.

import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';

/** Who asks for something to be done about keys. Without a principal: whoever runs the server, at its command line. */
export interface By {
  readonly principal?: Principal;
  readonly request?: Incoming;
}

/** A key that exists, as far as it decides on who may do something about it. */
interface Owned {
  readonly id: string;
  readonly userId: string;
}

/** Whether it may manage everybody's keys. */
export const managesAll = ({ principal }: By): boolean => !principal || principal.scopes.has('admin');

/** A key that was made for data makes no others: whoever steals it could stay when it is revoked. @throws SCOPE_MISSING */
export function requireMayCreate(by: By): void {
  requireMayLeave(by);
  if (managesAll(by) || by.principal?.kind === 'session') return;
  throw needsAdmin('API keys are created by whoever is signed in, or with the scope "admin".');
}

/** A token of another issuer ends by its time alone, and nobody here could tell that a key must end with it. @throws SCOPE_MISSING */
export function requireMayLeave({ principal }: By): void {
  if (principal?.kind !== 'token' || principal.origin) return;
  throw fault('SCOPE_MISSING', 'A token of another issuer makes no API keys, which would outlive it.', {
    target: 'admin',
    hint: 'Sign in here, or use an API key with the scope "admin".',
  });
}

/** An app's token without `admin` does not even see keys. @throws SCOPE_MISSING */
export function requireMayList(by: By): void {
  if (managesAll(by) || by.principal?.kind === 'session' || by.principal?.kind === 'key') return;
  throw needsAdmin('API keys are listed by whoever is signed in, by a key, or with the scope "admin".');
}

/** A session about its person's keys, and a key about itself. Others' keys are not there at all. */
export function mayChange(by: By, { id, userId }: Owned): boolean {
  const { principal } = by;
  if (managesAll(by) || !principal) return true;
  return principal.userId === userId && (principal.kind === 'session' || isItself(by, id));
}

/** Whether a key asks about itself. */
export const isItself = ({ principal }: By, id: string): boolean =>
  principal?.kind === 'key' && principal.id === id;

const needsAdmin = (message: string) => fault('SCOPE_MISSING', message, { target: 'admin' });

// Permissions on API keys: users manage their own, `admin` manages all.

import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';

/** The caller. Without a principal: the operator of the server, at its command line. */
export interface By {
  readonly principal?: Principal;
  readonly request?: Incoming;
}

/** The members of an existing key that decide who may change it. */
interface Owned {
  readonly id: string;
  readonly userId: string;
}

/** Whether the caller may manage the keys of every user. */
export const managesAll = ({ principal }: By): boolean => !principal || principal.scopes.has('admin');

/** A key without `admin` cannot create keys: a thief could keep access after it is revoked. @throws SCOPE_MISSING */
export function requireMayCreate(by: By): void {
  requireOwnIssuer(by);
  if (managesAll(by) || by.principal?.kind === 'session') return;
  throw needsAdmin('Creating API keys requires a session or the scope "admin".');
}

/** A token of another issuer cannot be revoked here, so a key that it creates would outlive it. @throws SCOPE_MISSING */
export function requireOwnIssuer({ principal }: By): void {
  if (principal?.kind !== 'token' || principal.origin) return;
  throw fault(
    'SCOPE_MISSING',
    'A token of another issuer cannot create API keys, because they would outlive it.',
    {
      target: 'admin',
      hint: 'Sign in here, or use an API key with the scope "admin".',
    },
  );
}

/** An app's token without `admin` cannot even list keys. @throws SCOPE_MISSING */
export function requireMayList(by: By): void {
  if (managesAll(by) || by.principal?.kind === 'session' || by.principal?.kind === 'key') return;
  throw needsAdmin('Listing API keys requires a session, an API key or the scope "admin".');
}

/** A session may change its user's keys, and a key may change itself. Keys of other users are reported as not found. */
export function mayChange(by: By, { id, userId }: Owned): boolean {
  const { principal } = by;
  if (managesAll(by) || !principal) return true;
  return principal.userId === userId && (principal.kind === 'session' || isItself(by, id));
}

/** Whether the caller is this key. */
export const isItself = ({ principal }: By, id: string): boolean =>
  principal?.kind === 'key' && principal.id === id;

const needsAdmin = (message: string) => fault('SCOPE_MISSING', message, { target: 'admin' });

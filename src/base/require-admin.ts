import { fault } from './errors.ts';
import type { Principal } from './principal.ts';

/** @param what it is that needs the scope, as the subject of a sentence: `The audit log` @throws SCOPE_MISSING */
export function requireAdminFor(what: string, { scopes }: Pick<Principal, 'scopes'>): void {
  if (scopes.has('admin')) return;
  throw fault('SCOPE_MISSING', `${what} needs the scope "admin".`, { target: 'admin' });
}

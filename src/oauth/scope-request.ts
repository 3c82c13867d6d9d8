// Narrows the scopes that an app requests to those that it may have.

import { coversScope, effectiveScopes } from '../auth/scopes/scopes.ts';

export class ScopeRequestError extends Error {
  readonly scope: string;

  constructor(message: string, scope: string) {
    super(message);
    this.scope = scope;
  }
}

const shownMax = 100;

/**
 * RFC 6749 section 3.3: scopes beyond the app's own are left out, and the response says so; without a requested scope the
 * app gets all of its scopes.
 * @param requested as sent: names separated by spaces
 * @param allowed the app's scopes
 * @param known the catalog's scopes
 * @throws ScopeRequestError for unknown names, or when no scope is left
 */
export function narrowScopes(
  requested: string | undefined,
  allowed: readonly string[],
  known: readonly string[],
): string[] {
  const names = requested === undefined ? allowed : requested.split(' ').filter(Boolean);
  const unknown = names.find(name => !known.includes(name));
  if (unknown !== undefined)
    throw new ScopeRequestError(`unknown scope ${unknown.slice(0, shownMax)}`, unknown);
  const narrowed = effectiveScopes(names, allowed);
  if (narrowed.length === 0)
    throw new ScopeRequestError('this app may not request any of these scopes', names.join(' '));
  return narrowed;
}

/** @returns every known scope that these scopes cover */
export function expandScopes(scopes: readonly string[], known: readonly string[]): string[] {
  const held = new Set(scopes);
  return known.filter(scope => coversScope(held, scope));
}

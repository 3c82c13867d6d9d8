// Scopes: `read` and `write` cover every set, `products:read` one set, `products.cost:read` a restricted group, `admin` the platform.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';

/**
 * @param scopes names, or one string with names separated by commas or spaces
 * @param known the catalog's scopes
 * @returns the names, sorted and without duplicates
 * @throws INVALID_VALUE for no scope or an unknown scope
 */
export function parseScopes(scopes: string | readonly string[], known: readonly string[]): string[] {
  const names = typeof scopes === 'string' ? scopes.split(/[\s,]+/).filter(Boolean) : scopes;
  if (names.length === 0)
    throw fault('INVALID_VALUE', 'At least one scope is required.', { target: 'scopes', hint: allOf(known) });
  for (const name of names) if (!known.includes(name)) throw unknownScope(name, known);
  return [...new Set(names)].sort();
}

/** Whether the held scopes cover a scope. `read` covers `products:read`, but never `products.cost:read`. */
export function coversScope(held: ReadonlySet<string>, scope: string): boolean {
  if (held.has(scope)) return true;
  const [subject = '', access] = scope.split(':');
  return access !== undefined && !subject.includes('.') && held.has(access);
}

/** @returns what both allow: a key with `read` whose owner has only `products:read` may read products */
export function effectiveScopes(granted: Iterable<string>, owned: Iterable<string>): string[] {
  const grantedSet = new Set(granted);
  const ownedSet = new Set(owned);
  const whole = [...grantedSet].filter(scope => coversScope(ownedSet, scope));
  const narrowed = [...ownedSet].filter(scope => coversScope(grantedSet, scope));
  const rest = narrowed.filter(scope => !coversScope(new Set(whole), scope));
  return [...whole, ...rest].sort();
}

/** @param holder for the message @throws SCOPE_MISSING naming the first scope that is not covered */
export function requireScopes(held: ReadonlySet<string>, scopes: readonly string[], holder: string): void {
  const missing = scopes.find(scope => !coversScope(held, scope));
  if (missing === undefined) return;
  throw fault('SCOPE_MISSING', `${holder} does not have the scope "${missing}".`, { target: missing });
}

const unknownScope = (name: string, known: readonly string[]) =>
  fault('INVALID_VALUE', `There is no scope "${name}".`, {
    target: 'scopes',
    hint: didYouMean(name, known) ?? allOf(known),
  });

const allOf = (known: readonly string[]): string => `Scopes: ${known.join(', ')}.`;

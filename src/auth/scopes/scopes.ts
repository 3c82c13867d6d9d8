// Scopes: `read` and `write` cover every set, `products:read` one set, `products.cost:read` a restricted group, `admin` the platform.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';

/**
 * @param scopes names, or one text with commas or blanks between them
 * @param known the catalog's scopes
 * @returns them sorted, each once
 * @throws INVALID_VALUE for none, or one that is unknown
 */
export function parseScopes(scopes: string | readonly string[], known: readonly string[]): string[] {
  const names = typeof scopes === 'string' ? scopes.split(/[\s,]+/).filter(Boolean) : scopes;
  if (names.length === 0)
    throw fault('INVALID_VALUE', 'No scope is given.', { target: 'scopes', hint: allOf(known) });
  for (const name of names) if (!known.includes(name)) throw unknownScope(name, known);
  return [...new Set(names)].sort();
}

/** Whether holding these scopes allows what one scope allows. `read` covers `products:read`, but never `products.cost:read`. */
export function coversScope(held: ReadonlySet<string>, scope: string): boolean {
  if (held.has(scope)) return true;
  const [subject = '', access] = scope.split(':');
  return access !== undefined && !subject.includes('.') && held.has(access);
}

/** @returns what both allow: a key granted `read` whose owner has `products:read` alone may read products */
export function effectiveScopes(granted: Iterable<string>, owned: Iterable<string>): string[] {
  const [grantedSet, ownedSet] = [new Set(granted), new Set(owned)];
  const whole = [...grantedSet].filter(scope => coversScope(ownedSet, scope));
  const narrowed = [...ownedSet].filter(scope => coversScope(grantedSet, scope));
  const rest = narrowed.filter(scope => !coversScope(new Set(whole), scope));
  return [...whole, ...rest].sort();
}

/** @throws SCOPE_MISSING naming the first scope that is not covered, and by whom */
export function requireScopes(held: ReadonlySet<string>, scopes: readonly string[], who: string): void {
  const missing = scopes.find(scope => !coversScope(held, scope));
  if (missing === undefined) return;
  throw fault('SCOPE_MISSING', `${who} does not have the scope "${missing}".`, { target: missing });
}

const unknownScope = (name: string, known: readonly string[]) =>
  fault('INVALID_VALUE', `There is no scope "${name}".`, {
    target: 'scopes',
    hint: didYouMean(name, known) ?? allOf(known),
  });

const allOf = (known: readonly string[]): string => `Scopes: ${known.join(', ')}.`;

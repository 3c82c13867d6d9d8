// Which scopes an app gets of those that it asks for.

import { coversScope, effectiveScopes } from '../auth/scopes/scopes.ts';

export class UnfitScope extends Error {
  readonly scope: string;

  constructor(message: string, scope: string) {
    super(message);
    this.scope = scope;
  }
}

const shownMax = 100;

/**
 * RFC 6749 section 3.3: what is asked for beyond the app's scopes is left out, and the answer says so; who asks for
 * nothing gets the app's scopes.
 * @param requested as sent: names with blanks between them
 * @param allowed the app's
 * @param known the catalog's
 * @throws UnfitScope for unknown names, or when nothing is left
 */
export function narrowScopes(
  requested: string | undefined,
  allowed: readonly string[],
  known: readonly string[],
): string[] {
  const names = requested === undefined ? allowed : requested.split(' ').filter(Boolean);
  const unknown = names.find(name => !known.includes(name));
  if (unknown !== undefined) throw new UnfitScope(`unknown scope ${unknown.slice(0, shownMax)}`, unknown);
  const fit = effectiveScopes(names, allowed);
  if (fit.length === 0) throw new UnfitScope('this app may ask for none of these scopes', names.join(' '));
  return fit;
}

/** @returns every known scope that these allow, spelled out */
export function spellOut(scopes: readonly string[], known: readonly string[]): string[] {
  const held = new Set(scopes);
  return known.filter(scope => coversScope(held, scope));
}

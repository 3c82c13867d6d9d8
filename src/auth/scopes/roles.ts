// The scopes of a user: those of the role, and those granted in addition.

import type { Role } from '../../platform/generated/client/enums.ts';
import { coversScope } from './scopes.ts';

export type { Role };

/** Ordered from most to fewest permissions. */
export const roles: readonly Role[] = ['administrator', 'editor', 'viewer'];

const scopesOfRoles: Readonly<Record<Exclude<Role, 'administrator'>, readonly string[]>> = {
  editor: ['read', 'write'],
  viewer: ['read'],
};

/** What a user's scopes are computed from. */
export interface Standing {
  /** null: only `scopes` counts. */
  readonly role: Role | null;
  /** In addition to those of the role. */
  readonly scopes: readonly string[];
}

/**
 * @param known the catalog's scopes, all of which an administrator has
 * @returns the scopes of a user, sorted, without duplicates and without scopes that another one covers
 */
export function ownedScopes({ role, scopes }: Standing, known: readonly string[]): string[] {
  const ofRole = role === 'administrator' ? known : role === null ? [] : scopesOfRoles[role];
  const all = new Set([...ofRole, ...scopes]);
  return [...all].filter(scope => !coversScope(without(all, scope), scope)).sort();
}

function without(scopes: ReadonlySet<string>, removed: string): ReadonlySet<string> {
  const rest = new Set(scopes);
  rest.delete(removed);
  return rest;
}

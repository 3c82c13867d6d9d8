// What people may do: the scopes of their role, and what they were given beyond it.

import type { Role } from '../../platform/generated/client/enums.ts';
import { coversScope } from './scopes.ts';

export type { Role };

/** From the one that may do most to the one that may do least. */
export const roles: readonly Role[] = ['administrator', 'editor', 'viewer'];

const scopesOfRoles: Readonly<Record<Exclude<Role, 'administrator'>, readonly string[]>> = {
  editor: ['read', 'write'],
  viewer: ['read'],
};

/** What decides what a person may do. */
export interface Standing {
  /** null: exactly what `scopes` says. */
  readonly role: Role | null;
  /** Beyond the role. */
  readonly scopes: readonly string[];
}

/**
 * @param known the catalog's scopes, which an administrator has all
 * @returns every scope that a person has, sorted, each once, without those that another covers
 */
export function ownedScopes({ role, scopes }: Standing, known: readonly string[]): string[] {
  const ofRole = role === 'administrator' ? known : role === null ? [] : scopesOfRoles[role];
  const all = new Set([...ofRole, ...scopes]);
  return [...all].filter(scope => !coversScope(without(all, scope), scope)).sort();
}

function without(scopes: ReadonlySet<string>, left: string): ReadonlySet<string> {
  const rest = new Set(scopes);
  rest.delete(left);
  return rest;
}

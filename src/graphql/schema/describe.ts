// Descriptions: what the Prisma schema says of a field, and the scope that it takes.

import type { Entity, Field } from '../../catalog/catalog.ts';

export function describeField(entity: Entity, field: Field): string | undefined {
  const scopes = scopesOf(entity, field);
  const needs =
    scopes.length > 0 ? `Needs the scope ${scopes.map(scope => `\`${scope}\``).join(' and ')}.` : undefined;
  return [field.description, needs].filter(Boolean).join(' ') || undefined;
}

/** @returns what is said of a field that is written */
export function describeWrite(field: Field): string | undefined {
  const needs = field.restricted && `Needs the scope \`${field.restricted}:write\`.`;
  return [field.description, needs].filter(Boolean).join(' ') || undefined;
}

/** The scopes beyond `read` that a field takes: its own group's, and those of what it is computed from. */
function scopesOf(entity: Entity, field: Field): string[] {
  const needed = 'needs' in field ? field.needs.map(name => entity.fields.get(name)?.restricted) : [];
  const groups = [field.restricted, ...needed].filter(group => group !== undefined);
  return [...new Set(groups)].map(group => `${group}:read`);
}

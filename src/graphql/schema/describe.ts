// Descriptions: the comment in the Prisma schema, and the scope that a field needs.

import type { Entity, Field } from '../../catalog/catalog.ts';

export function describeField(entity: Entity, field: Field): string | undefined {
  const scopes = scopesOf(entity, field);
  const needs =
    scopes.length > 0 ? `Needs the scope ${scopes.map(scope => `\`${scope}\``).join(' and ')}.` : undefined;
  return [field.description, needs].filter(Boolean).join(' ') || undefined;
}

/** @returns the description of a field in an input type */
export function describeWrite(field: Field): string | undefined {
  const needs = field.restricted && `Needs the scope \`${field.restricted}:write\`.`;
  return [field.description, needs].filter(Boolean).join(' ') || undefined;
}

/** The scopes beyond `read` that a field needs: its own, and those of the fields that it is computed from. */
function scopesOf(entity: Entity, field: Field): string[] {
  const needed = 'needs' in field ? field.needs.map(name => entity.fields.get(name)?.restricted) : [];
  const groups = [field.restricted, ...needed].filter(group => group !== undefined);
  return [...new Set(groups)].map(group => `${group}:read`);
}

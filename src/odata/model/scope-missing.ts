import { type Fault, fault } from '../../base/errors.ts';
import type { Entity, Field } from '../../catalog/catalog.ts';
import type { VisibleModel } from './visible-model.ts';

/**
 * The error for something that exists but that the caller may not use. Names the missing scopes as far as they are known.
 * @param field absent when the set itself is meant
 */
export function scopeMissing(
  { catalog, access = 'read' }: Pick<VisibleModel, 'catalog' | 'access'>,
  entity: Entity,
  field: Field | undefined,
  at: number,
): Fault {
  const groups = field ? groupsOf(catalog, entity, field) : [entity.set];
  const scopes = groups.map(name => `${name}:${access}`);
  const what = field ? `${entity.set}.${field.name}` : entity.set;
  return fault(
    'SCOPE_MISSING',
    `${access === 'read' ? 'Reading' : 'Writing'} ${what} needs the scope ${scopes.map(scope => `"${scope}"`).join(' and ')}.`,
    {
      hint: 'Use a credential that has it, or leave this out.',
      target: scopes[0],
      at,
    },
  );
}

function groupsOf(catalog: VisibleModel['catalog'], entity: Entity, field: Field): string[] {
  const needs = 'needs' in field ? field.needs.map(name => entity.fields.get(name)?.restricted) : [];
  const groups = [field.restricted, ...needs].filter(group => group !== undefined);
  const target = field.kind === 'relation' ? catalog.entities.get(field.target)?.set : undefined;
  return [...new Set([...groups, ...(target ? [target] : [])])];
}

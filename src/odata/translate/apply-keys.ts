// What rows are grouped by in $apply: fields, their own or reached through single relations.

import type { Catalog, Entity, RelationField } from '../../catalog/catalog.ts';
import type { GroupKey } from '../../query/ask/aggregate-query.ts';
import { not, path } from '../../query/ask/expression.ts';
import type { MemberNode } from '../parse/odata-expression.ts';
import { notServed } from '../url/syntax.ts';
import { type ApplyColumns, presenceName } from './apply-columns.ts';

/** @returns the name that a key goes by: `category/name` @throws NOT_IMPLEMENTED for what is no single value */
export function keyName(catalog: Catalog, entity: Entity, { names, at }: MemberNode): string {
  const name = names.join('/');
  const relations = relationsOf(catalog, entity, names);
  const many = relations.find(relation => relation.list);
  if (many) throw notServed(`groups by "${many.name}", which leads to many`, at);
  if (relations.length === names.length) {
    throw notServed('groups by whole entities', at, `Name their fields: ${name}/id.`);
  }
  return name;
}

/** @returns the relations that a path begins with */
function relationsOf(catalog: Catalog, entity: Entity, names: readonly string[]): RelationField[] {
  const relations: RelationField[] = [];
  let from = entity;
  for (const name of names) {
    const field = from.fields.get(name);
    if (field?.kind !== 'relation') break;
    relations.push(field);
    from = catalog.entities.get(field.target)!;
  }
  return relations;
}

/** Whether the records are there through which keys are read: one without a name is not the same as none. */
export const presencesOf = (keys: readonly string[]): GroupKey[] =>
  throughOf(keys).map(prefix => ({
    name: presenceName(prefix),
    by: not({ kind: 'isNull', item: path(prefix.split('/')) }),
  }));

/** @returns the same of rows that are groups already, as far as the keys still lead through them */
export function carriedPresences(keys: readonly string[], { present }: ApplyColumns): GroupKey[] {
  const through = new Set(throughOf(keys).map(presenceName));
  return present.filter(name => through.has(name)).map(name => ({ name, by: path([name]) }));
}

/** @returns the paths of the records that keys lead through, each once */
const throughOf = (keys: readonly string[]): string[] => [
  ...new Set(keys.flatMap(name => prefixesOf(name.split('/')))),
];

const prefixesOf = (names: readonly string[]): string[] =>
  names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));

// The keys of groups in $apply: fields of the rows, or of related entities reached through single relations.

import type { Catalog, Entity, RelationField } from '../../../catalog/catalog.ts';
import type { GroupKey } from '../../../query/ask/aggregate-query.ts';
import { not, path } from '../../../query/ask/expression.ts';
import type { MemberNode } from '../../parse/odata-expression.ts';
import { notServed } from '../../url/syntax.ts';
import { type ApplyColumns, presenceName } from './columns.ts';

/** @returns the name of a key: `category/name` @throws NOT_IMPLEMENTED for anything but a single value */
export function keyName(catalog: Catalog, entity: Entity, { names, at }: MemberNode): string {
  const name = names.join('/');
  const relations = relationsOf(catalog, entity, names);
  const many = relations.find(relation => relation.list);
  if (many) throw notServed(`grouping by "${many.name}", which is a list`, at);
  if (relations.length === names.length) {
    throw notServed('grouping by whole entities', at, `Name their fields: ${name}/id.`);
  }
  return name;
}

/** @returns the relations at the start of a path */
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

/** Whether the related records of keys exist: a record without a name differs from no record. */
export const presencesOf = (keys: readonly string[]): GroupKey[] =>
  throughOf(keys).map(prefix => ({
    name: presenceName(prefix),
    by: not({ kind: 'isNull', item: path(prefix.split('/')) }),
  }));

/** @returns the same for rows that are already groups, as far as the keys still pass through the records */
export function carriedPresences(keys: readonly string[], { present }: ApplyColumns): GroupKey[] {
  const through = new Set(throughOf(keys).map(presenceName));
  return present.filter(name => through.has(name)).map(name => ({ name, by: path([name]) }));
}

/** @returns the paths of the related records that keys pass through, without duplicates */
const throughOf = (keys: readonly string[]): string[] => [
  ...new Set(keys.flatMap(name => prefixesOf(name.split('/')))),
];

const prefixesOf = (names: readonly string[]): string[] =>
  names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));

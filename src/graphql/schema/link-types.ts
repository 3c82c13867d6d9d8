// `CategoryLink`, `OrderItemLinks` and so on: writes along a relation, and the keys that identify rows.

import type { ColumnField, Entity, RelationField } from '../../catalog/catalog.ts';
import { sideOf } from '../../query/bound/change.ts';
import { foreignKey } from '../../query/change/check/writable.ts';
import { mayFill } from '../model/may-write.ts';
import { waysToOne } from '../model/roots.ts';
import { describeField } from './describe.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';

/** @returns the type of new rows, which have links themselves */
type Create = (parts: SchemaParts, entity: Entity) => InputRef;

/** @returns undefined if nothing can be written along the relation */
export function linkType(
  parts: SchemaParts,
  entity: Entity,
  relation: RelationField,
  { kind, create }: { readonly kind: 'insert' | 'update'; readonly create: Create },
): InputRef | undefined {
  const target = parts.catalog.entities.get(relation.target)!;
  const side = sideOf(relation);
  const columns = foreignKey(parts.catalog, entity, relation)!;
  const holder = side === 'near' ? entity : target;
  if (waysToOne(target).length === 0) return undefined;
  if (!parts.mayWrite.field(entity, relation.name)) return undefined;
  if (side !== 'near' && !parts.mayWrite.set(target)) return undefined;
  if (!columns.every(column => parts.mayWrite.field(holder, column.name))) return undefined;
  if (relation.list) return toManyType(parts, target, kind === 'update' && side === 'table', create);
  return toOneType(parts, target, kind === 'update' && columns.every(column => column.nullable), create);
}

const toOneType = (parts: SchemaParts, target: Entity, cuts: boolean, create: Create): InputRef =>
  inputType(parts, `${target.name}${cuts ? 'OptionalLink' : 'Link'}`, ref =>
    parts.builder.inputType(ref, {
      description: `The ${target.single} to link: exactly one of these.`,
      fields: t => ({
        ...(mayFill(parts.mayWrite, target, 'insert') && {
          create: t.field({ type: create(parts, target), description: 'A new record.' }),
        }),
        connect: t.field({ type: keyType(parts, target), description: 'An existing record.' }),
        ...(cuts && { disconnect: t.boolean({ description: 'Removes the link, if `true`.' }) }),
      }),
    }),
  );

const toManyType = (parts: SchemaParts, target: Entity, cuts: boolean, create: Create): InputRef =>
  inputType(parts, `${target.name}${cuts ? 'LinkChanges' : 'Links'}`, ref =>
    parts.builder.inputType(ref, {
      description: `The ${target.set} to link, in addition to those already linked.`,
      fields: t => {
        const key = keyType(parts, target);
        return {
          ...(mayFill(parts.mayWrite, target, 'insert') && {
            create: t.field({ type: [create(parts, target)], description: 'New records.' }),
          }),
          connect: t.field({ type: [key], description: 'Existing records.' }),
          ...(cuts && {
            disconnect: t.field({ type: [key], description: 'Records to unlink.' }),
            set: t.field({ type: [key], description: 'Replaces all links with these.' }),
          }),
        };
      },
    }),
  );

/** @returns `ProductKey`: the ways to identify one row */
function keyType(parts: SchemaParts, entity: Entity): InputRef {
  const ways = waysToOne(entity);
  return inputType(parts, `${entity.name}Key`, ref =>
    parts.builder.inputType(ref, {
      description: `Which ${entity.single}: by ${ways.map(way => way.join(' and ')).join(', or by ')}.`,
      fields: t => {
        const columns = [...new Set(ways.flat())].map(name => entity.fields.get(name) as ColumnField);
        const fields = columns.map(field => {
          const type = elementType(parts, field.type);
          return [field.name, t.field({ type, description: describeField(entity, field) })] as const;
        });
        return Object.fromEntries(fields) as Record<string, never>;
      },
    }),
  );
}

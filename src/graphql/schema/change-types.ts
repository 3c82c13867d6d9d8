// `ProductCreate`, `ProductUpdate` and so on: the new values and links of a row.

import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import {
  foreignKey,
  isRequired,
  upsertKey,
  writableColumns,
  writableRelations,
} from '../../query/change/check/writable.ts';
import { describeWrite } from './describe.ts';
import { linkType } from './link-types.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';

interface Shape {
  readonly name: string;
  readonly description: string;
  readonly kind: 'insert' | 'update';
  readonly links: boolean;
}

/** @returns the type of a new row */
export const createType = (parts: SchemaParts, entity: Entity): InputRef =>
  changeType(parts, entity, {
    name: `${entity.name}Create`,
    description: `A new ${entity.single}. Omitted fields get their default.`,
    kind: 'insert',
    links: true,
  });

/** @returns the type of changes to one row */
export const updateType = (parts: SchemaParts, entity: Entity): InputRef =>
  changeType(parts, entity, {
    name: `${entity.name}Update`,
    description: `Changes to one ${entity.single}. Omitted fields stay unchanged.`,
    kind: 'update',
    links: true,
  });

/** @returns the type of changes to many rows */
export const updateManyType = (parts: SchemaParts, entity: Entity): InputRef =>
  changeType(parts, entity, {
    name: `${entity.name}UpdateMany`,
    description: `Changes to all ${entity.set} that match a condition. Omitted fields stay unchanged.`,
    kind: 'update',
    links: false,
  });

/** @returns the type of a row to insert or update */
export const upsertType = (parts: SchemaParts, entity: Entity): InputRef =>
  changeType(parts, entity, {
    name: `${entity.name}Upsert`,
    description: `The ${entity.single} that has this ${upsertKey(entity)!.join(', ')}. If it exists, omitted fields stay unchanged.`,
    kind: 'insert',
    links: false,
  });

function changeType(parts: SchemaParts, entity: Entity, { name, description, kind, links }: Shape): InputRef {
  return inputType(parts, name, ref =>
    parts.builder.inputType(ref, {
      description,
      fields: t => {
        const columns = writableColumns(entity, kind)
          .filter(field => parts.mayWrite.field(entity, field.name))
          .map(field => {
            const element = elementType(parts, field.type);
            const type = field.type.list ? ([element] as [typeof element]) : element;
            const required = kind === 'insert' && isRequiredInput(parts, entity, field, links);
            return [field.name, t.field({ type, required, description: describeWrite(field) })] as const;
          });
        const relations = links ? writableRelations(parts.catalog, entity, kind) : [];
        const linked = relations.flatMap(relation => {
          const type = linkType(parts, entity, relation, { kind, create: createType });
          return type
            ? [[relation.name, t.field({ type, description: describeWrite(relation) })] as const]
            : [];
        });
        return Object.fromEntries([...columns, ...linked]) as Record<string, never>;
      },
    }),
  );
}

/** A foreign key is optional if its relation can be set instead; the query engine then checks it. */
function isRequiredInput(parts: SchemaParts, entity: Entity, field: ColumnField, links: boolean): boolean {
  if (upsertKey(entity)?.includes(field.name) && !links) return true;
  if (!isRequired(field)) return false;
  if (!links) return true;
  return !writableRelations(parts.catalog, entity, 'insert').some(
    relation =>
      relation.link.kind === 'columns' &&
      relation.link.owner &&
      foreignKey(parts.catalog, entity, relation)!.includes(field),
  );
}

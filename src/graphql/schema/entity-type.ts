// `Product`: one object type for each entity, with all its fields.

import type { GraphQLResolveInfo } from 'graphql';
import type { Entity, Field, RelationField, ValueField } from '../../catalog/catalog.ts';
import type { BuilderTypes } from '../builder.ts';
import { countFieldOf } from '../roots.ts';
import { describeField } from './describe.ts';
import { listArguments, whereArgument } from './list-arguments.ts';
import type { Row, SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';

export function addEntityType(parts: SchemaParts, entity: Entity): void {
  parts.builder.objectType(parts.objects.get(entity.name)!, {
    description: entity.description,
    fields: t =>
      Object.fromEntries([...entity.fields.values()].flatMap(field => fieldsFor(parts, entity, field, t))),
  });
}

type FieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, Row>;

/** A to-many relation gives two fields: the list, and its count. */
function fieldsFor(parts: SchemaParts, entity: Entity, field: Field, t: FieldBuilder) {
  const description = describeField(entity, field);
  if (field.kind !== 'relation') return [[field.name, valueField(parts, field, description, t)] as const];
  if (!field.list) return [[field.name, toOneField(parts, field, description, t)] as const];
  const list = [field.name, toManyField(parts, field, description, t)] as const;
  const countName = countFieldOf(entity, field);
  return countName ? [list, [countName, countField(parts, field, t)] as const] : [list];
}

function valueField(parts: SchemaParts, field: ValueField, description: string | undefined, t: FieldBuilder) {
  const element = elementType(parts, field.type);
  const { nullable } = field;
  if (!field.type.list) return t.field({ type: element, nullable, description, resolve: byResponseKey });
  return t.field({
    type: [element],
    nullable: { list: nullable, items: false },
    description,
    resolve: byResponseKey,
  });
}

const toOneField = (
  parts: SchemaParts,
  relation: RelationField,
  description: string | undefined,
  t: FieldBuilder,
) =>
  t.field({
    type: parts.objects.get(relation.target)!,
    nullable: relation.nullable,
    description,
    resolve: byResponseKey,
  });

const toManyField = (
  parts: SchemaParts,
  relation: RelationField,
  description: string | undefined,
  t: FieldBuilder,
) =>
  t.field({
    type: [parts.objects.get(relation.target)!],
    nullable: false,
    description,
    args: listArguments(parts, parts.catalog.entities.get(relation.target)!, t.arg),
    resolve: byResponseKey,
  });

const countField = (parts: SchemaParts, relation: RelationField, t: FieldBuilder) =>
  t.int({
    nullable: false,
    description: `How many ${relation.name} meet the condition.`,
    args: whereArgument(parts, parts.catalog.entities.get(relation.target)!, t.arg),
    resolve: byResponseKey,
  });

/** Rows come from the engine under the names that the operation gives them. */
const byResponseKey = (row: Row, _args: unknown, _context: unknown, info: GraphQLResolveInfo): never =>
  row[info.path.key] as never;

// `Product`: one object type for each entity, with all its fields.

import type { Entity, Field, RelationField, ValueField } from '../../catalog/catalog.ts';
import { aggregateFieldOf } from '../model/aggregates.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { connectionFieldOf } from '../model/connections.ts';
import { versionFieldOf } from '../model/mutations.ts';
import { countFieldOf } from '../model/roots.ts';
import { aggregateType } from './aggregate-types.ts';
import { byResponseKey } from './by-response-key.ts';
import { connectionArguments, connectionType } from './connection-types.ts';
import { describeField } from './describe.ts';
import { listArguments, rowArguments } from './list-arguments.ts';
import type { Row, SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';

export function addEntityType(parts: SchemaParts, entity: Entity): void {
  parts.builder.objectType(parts.objects.get(entity.name)!, {
    description: entity.description,
    fields: t =>
      Object.fromEntries([
        ...[...entity.fields.values()].flatMap(field => fieldsFor(parts, entity, field, t)),
        ...versionField(entity, t),
      ]),
  });
}

type FieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, Row>;

/** A to-many relation has several fields: the list, its count, its connection and its aggregates. */
function fieldsFor(parts: SchemaParts, entity: Entity, field: Field, t: FieldBuilder) {
  const description = describeField(entity, field);
  if (field.kind !== 'relation') return [[field.name, valueField(parts, field, description, t)] as const];
  if (!field.list) return [[field.name, toOneField(parts, field, description, t)] as const];
  const list = [field.name, toManyField(parts, field, description, t)] as const;
  const countName = countFieldOf(entity, field);
  const connectionName = connectionFieldOf(entity, field);
  const aggregateName = aggregateFieldOf(entity, field);
  return [
    list,
    ...(countName ? [[countName, countField(parts, field, t)] as const] : []),
    ...(connectionName ? [[connectionName, connectionField(parts, field, t)] as const] : []),
    ...(aggregateName ? [[aggregateName, aggregateField(parts, field, t)] as const] : []),
  ];
}

/** Named `version`, or otherwise if the model has a field of that name. */
function versionField(entity: Entity, t: FieldBuilder) {
  const name = versionFieldOf(entity);
  const description =
    'Version of the record, for optimistic locking. Pass it as `ifVersion` to change the record only if it is unchanged.';
  return name ? [[name, t.string({ nullable: false, description, resolve: byResponseKey })] as const] : [];
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
    description: `The number of ${relation.name} that match the condition.`,
    args: rowArguments(parts, parts.catalog.entities.get(relation.target)!, t.arg),
    resolve: byResponseKey,
  });

function connectionField(parts: SchemaParts, relation: RelationField, t: FieldBuilder) {
  const target = parts.catalog.entities.get(relation.target)!;
  return t.field({
    type: connectionType(parts, target),
    nullable: false,
    description: `The ${relation.name} that match the condition, page by page.`,
    args: connectionArguments(parts, target, t.arg),
    resolve: byResponseKey,
  });
}

function aggregateField(parts: SchemaParts, relation: RelationField, t: FieldBuilder) {
  const target = parts.catalog.entities.get(relation.target)!;
  return t.field({
    type: aggregateType(parts, target),
    nullable: false,
    description: `Aggregates of the ${relation.name} that match the condition.`,
    args: rowArguments(parts, target, t.arg),
    resolve: byResponseKey,
  });
}

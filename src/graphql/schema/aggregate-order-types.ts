// `ProductAggregateOrderBy` and `ProductGroupOrderBy`: sort keys that are aggregates, or what rows are grouped by.

import type { Entity, Field, ValueType } from '../../catalog/catalog.ts';
import {
  aggregatedFields,
  aggregatesOf,
  type DatePart,
  datePartsOf,
  type FieldAggregate,
  groupTypeName,
  hasOrder,
  keyTypeName,
} from '../model/aggregates.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { meanings } from './aggregate-types.ts';
import { describeField } from './describe.ts';
import { datePartMeanings } from './group-types.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';
import { whereType } from './where-types.ts';

/** @returns the type of a sort key that is an aggregate of related rows */
export function aggregateOrderType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${entity.name}AggregateOrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: `A sort key over related ${entity.set}: exactly one aggregate, and an optional \`where\`.`,
      fields: t => ({
        where: t.field({
          type: whereType(parts, entity),
          description: `Which of the related ${entity.set} to include. Default: all.`,
        }),
        ...aggregateKeys(parts, entity, t),
      }),
    }),
  );
}

/** @returns the type of a sort key of groups */
export function groupOrderType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${groupTypeName(entity)}OrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: `A sort key of groups of ${entity.set}: exactly one aggregate, or one field under \`key\`.`,
      isOneOf: true,
      fields: t => ({
        key: t.field({
          type: keyOrderType(parts, entity),
          description: 'A field to group by; it must also be selected under `key`.',
        }),
        ...aggregateKeys(parts, entity, t),
      }),
    }),
  );
}

type InputFieldBuilder = PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'InputObject'>;

const aggregateKeys = (parts: SchemaParts, entity: Entity, t: InputFieldBuilder) => ({
  count: t.field({ type: parts.sortOrder, description: 'The number of rows.' }),
  ...Object.fromEntries(
    aggregatesOf(entity).map(name => {
      const type = valuesOrderType(parts, entity, name);
      return [name, t.field({ type, description: meanings[name] })] as const;
    }),
  ),
});

/** One type for all aggregates that take the same fields. */
function valuesOrderType(parts: SchemaParts, entity: Entity, name: FieldAggregate): InputRef {
  const taken = name === 'sum' || name === 'avg' ? 'Numbers' : 'Values';
  return inputType(parts, `${entity.name}${taken}OrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: 'A sort key: the aggregate of exactly one field.',
      isOneOf: true,
      fields: t =>
        Object.fromEntries(
          aggregatedFields(entity, name).map(({ field }) => {
            const description = describeField(entity, field);
            return [field.name, t.field({ type: parts.sortOrder, description })] as const;
          }),
        ),
    }),
  );
}

function keyOrderType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${keyTypeName(entity)}OrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: `A sort key: exactly one of the fields that ${entity.set} are grouped by.`,
      isOneOf: true,
      fields: t =>
        Object.fromEntries(
          [...entity.fields.values()].flatMap(field => {
            const type = keyPartType(parts, field);
            const description = describeField(entity, field);
            return type ? [[field.name, t.field({ type, description })] as const] : [];
          }),
        ),
    }),
  );
}

function keyPartType(parts: SchemaParts, field: Field) {
  if (field.kind === 'relation') {
    return field.list ? undefined : keyOrderType(parts, parts.catalog.entities.get(field.target)!);
  }
  if (!hasOrder(field)) return undefined;
  const partNames = datePartsOf(field.type);
  return partNames ? datePartsOrderType(parts, field.type, partNames) : parts.sortOrder;
}

function datePartsOrderType(parts: SchemaParts, type: ValueType, partNames: readonly DatePart[]): InputRef {
  return inputType(parts, `${keyTypeName(type)}OrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: 'A sort key: exactly one of the parts of a date that rows are grouped by.',
      isOneOf: true,
      fields: t =>
        Object.fromEntries(
          partNames.map(part => {
            const description = datePartMeanings[part];
            return [part, t.field({ type: parts.sortOrder, description })] as const;
          }),
        ),
    }),
  );
}

// `ProductGroup` and `ProductGroupKey`: groups of rows with the same key.

import type { ColumnField, Entity, Field, SqlField, ValueType } from '../../catalog/catalog.ts';
import { type DatePart, datePartsOf, groupTypeName, hasOrder, keyTypeName } from '../model/aggregates.ts';
import { aggregateFields, type ObjectFieldBuilder } from './aggregate-types.ts';
import { byResponseKey } from './by-response-key.ts';
import { describeField } from './describe.ts';
import { type ObjectRef, outputType, type SchemaParts } from './schema-parts.ts';
import { elementType, type ScalarName } from './value-type.ts';

/** @returns the type of groups of an entity's rows */
export function groupType(parts: SchemaParts, entity: Entity): ObjectRef {
  return outputType(parts, groupTypeName(entity), ref =>
    parts.builder.objectType(ref, {
      description: `A group of ${entity.set}: its key and its aggregates.`,
      fields: t => ({
        key: t.field({
          type: keyType(parts, entity),
          nullable: false,
          description: 'The key of the group. Rows are grouped by exactly the fields that are selected here.',
          resolve: byResponseKey,
        }),
        ...aggregateFields(parts, entity, t),
      }),
    }),
  );
}

function keyType(parts: SchemaParts, entity: Entity): ObjectRef {
  return outputType(parts, keyTypeName(entity), ref =>
    parts.builder.objectType(ref, {
      description: `What ${entity.set} can be grouped by: the fields that are selected here.`,
      fields: t =>
        Object.fromEntries(
          [...entity.fields.values()].flatMap(field => {
            const key = keyField(parts, entity, field, t);
            return key ? [[field.name, key] as const] : [];
          }),
        ),
    }),
  );
}

function keyField(parts: SchemaParts, entity: Entity, field: Field, t: ObjectFieldBuilder) {
  const description = describeField(entity, field);
  if (field.kind === 'relation') {
    if (field.list) return undefined;
    const type = keyType(parts, parts.catalog.entities.get(field.target)!);
    return t.field({ type, nullable: field.nullable, description, resolve: byResponseKey });
  }
  return hasOrder(field) ? valueKey(parts, field, description, t) : undefined;
}

function valueKey(
  parts: SchemaParts,
  { type, nullable }: ColumnField | SqlField,
  description: string | undefined,
  t: ObjectFieldBuilder,
) {
  const partNames = datePartsOf(type);
  const keyed = partNames ? datePartsType(parts, type, partNames) : elementType(parts, type);
  return t.field({ type: keyed, nullable, description, resolve: byResponseKey });
}

function datePartsType(parts: SchemaParts, type: ValueType, partNames: readonly DatePart[]): ObjectRef {
  return outputType(parts, keyTypeName(type), ref =>
    parts.builder.objectType(ref, {
      description:
        'What to group by of a date: the parts that are selected here. `{ year month }` makes a group of each month.',
      fields: t =>
        Object.fromEntries(
          partNames.map(part => {
            const options = { type: partType(type, part), description: datePartMeanings[part] };
            return [part, t.field({ ...options, nullable: false, resolve: byResponseKey })] as const;
          }),
        ),
    }),
  );
}

function partType(type: ValueType, part: DatePart): ScalarName {
  if (part === 'value') return type.scalar as ScalarName;
  return part === 'date' ? 'Date' : 'Int';
}

export const datePartMeanings: Readonly<Record<DatePart, string>> = {
  value: 'The whole value.',
  date: 'The day, in UTC.',
  year: 'The year, in UTC.',
  quarter: 'The quarter of the year, from 1 to 4, in UTC.',
  month: 'The month of the year, from 1 to 12, in UTC.',
  day: 'The day of the month, from 1 to 31, in UTC.',
  hour: 'The hour of the day, from 0 to 23, in UTC.',
};

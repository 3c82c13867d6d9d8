// `ProductAggregate`: count, countDistinct, sum, avg, min and max of many rows.

import type { Entity } from '../../catalog/catalog.ts';
import {
  aggregatedFields,
  aggregatesOf,
  aggregateTypeName,
  type FieldAggregate,
  valuesTypeName,
} from '../model/aggregates.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { byResponseKey } from './by-response-key.ts';
import { describeField } from './describe.ts';
import { type ObjectRef, outputType, type Row, type SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';

/** @returns the type of the aggregates of an entity's rows */
export function aggregateType(parts: SchemaParts, entity: Entity): ObjectRef {
  return outputType(parts, aggregateTypeName(entity), ref =>
    parts.builder.objectType(ref, {
      description: `Aggregates of ${entity.set}.`,
      fields: t => aggregateFields(parts, entity, t),
    }),
  );
}

export type ObjectFieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, Row>;

/** The fields of a type that has aggregates: of all rows, or of a group. */
export const aggregateFields = (parts: SchemaParts, entity: Entity, t: ObjectFieldBuilder) => ({
  count: t.int({ nullable: false, description: 'The number of rows.', resolve: byResponseKey }),
  ...Object.fromEntries(
    aggregatesOf(entity).map(name => {
      const type = valuesType(parts, entity, name);
      return [
        name,
        t.field({ type, nullable: false, description: meanings[name], resolve: byResponseKey }),
      ] as const;
    }),
  ),
});

function valuesType(parts: SchemaParts, entity: Entity, name: FieldAggregate): ObjectRef {
  return outputType(parts, valuesTypeName(entity, name), ref =>
    parts.builder.objectType(ref, {
      description: `The aggregate of each field of ${entity.set} that supports it.`,
      fields: t =>
        Object.fromEntries(
          aggregatedFields(entity, name).map(({ field, type }) => {
            const description = describeField(entity, field);
            const nullable = name !== 'countDistinct';
            const options = { type: elementType(parts, type), nullable, description, resolve: byResponseKey };
            return [field.name, t.field(options)] as const;
          }),
        ),
    }),
  );
}

/** What each aggregate is, for descriptions. */
export const meanings: Readonly<Record<FieldAggregate, string>> = {
  countDistinct: 'The number of distinct values, without nulls.',
  sum: 'The exact sum of all values; null if there are none.',
  avg: 'The average of all values, without nulls; null if there are none.',
  min: 'The lowest value; null if there are none.',
  max: 'The highest value; null if there are none.',
};

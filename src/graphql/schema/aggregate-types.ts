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
      description: `What ${entity.set} give when they are taken together.`,
      fields: t => aggregateFields(parts, entity, t),
    }),
  );
}

export type ObjectFieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, Row>;

/** The fields of a type that has aggregates: of all rows, or of a group. */
export const aggregateFields = (parts: SchemaParts, entity: Entity, t: ObjectFieldBuilder) => ({
  count: t.int({ nullable: false, description: 'How many there are.', resolve: byResponseKey }),
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
      description: `A value for each field of ${entity.set} that can have one.`,
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
  countDistinct: 'How many different values there are; missing ones do not count.',
  sum: 'The sum of all values, with every digit; null where there is none.',
  avg: 'The average of all values, missing ones left out; null where there is none.',
  min: 'The lowest value; null where there is none.',
  max: 'The highest value; null where there is none.',
};

// `ProductHaving` and `ProductAggregateFilter`: conditions on aggregates.

import type { Entity } from '../../catalog/catalog.ts';
import { countType } from '../../query/check/aggregate-type.ts';
import { aggregatedFields, aggregatesOf, type FieldAggregate, valuesTypeName } from '../model/aggregates.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { meanings } from './aggregate-types.ts';
import { describeField } from './describe.ts';
import { filterType } from './filter-types.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';

/** @returns the type of conditions on groups of an entity's rows */
export function havingType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${entity.name}Having`, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on each group of ${entity.set}; all of them must hold.`,
      fields: t => ({
        AND: t.field({ type: [ref], description: 'All of these hold. An empty list is true.' }),
        OR: t.field({ type: [ref], description: 'At least one of these holds. An empty list is false.' }),
        NOT: t.field({ type: [ref], description: 'None of these holds.' }),
        ...conditions(parts, entity, t),
      }),
    }),
  );
}

/**
 * @param whereType a parameter, because conditions on rows and on aggregates of related rows are mutually recursive
 * @returns the type of conditions on the aggregates of related rows
 */
export function aggregateFilterType(
  parts: SchemaParts,
  entity: Entity,
  whereType: (parts: SchemaParts, entity: Entity) => InputRef,
): InputRef {
  return inputType(parts, `${entity.name}AggregateFilter`, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on aggregates of related ${entity.set}; all of them must hold.`,
      fields: t => ({
        where: t.field({
          type: whereType(parts, entity),
          description: `Which of the related ${entity.set} to include. Default: all.`,
        }),
        ...conditions(parts, entity, t),
      }),
    }),
  );
}

type InputFieldBuilder = PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'InputObject'>;

const conditions = (parts: SchemaParts, entity: Entity, t: InputFieldBuilder) => ({
  count: t.field({ type: filterType(parts, countType), description: 'The number of rows.' }),
  ...Object.fromEntries(
    aggregatesOf(entity).map(name => {
      const type = valuesFilterType(parts, entity, name);
      return [name, t.field({ type, description: meanings[name] })] as const;
    }),
  ),
});

function valuesFilterType(parts: SchemaParts, entity: Entity, name: FieldAggregate): InputRef {
  return inputType(parts, `${valuesTypeName(entity, name)}Filter`, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on one aggregate of fields of ${entity.set}; all of them must hold.`,
      fields: t =>
        Object.fromEntries(
          aggregatedFields(entity, name).map(({ field, type }) => {
            const description = describeField(entity, field);
            return [field.name, t.field({ type: filterType(parts, type), description })] as const;
          }),
        ),
    }),
  );
}

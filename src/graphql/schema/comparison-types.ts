// `ProductComparison` and `ProductValue`: comparisons of values computed from a row.

import type { Entity } from '../../catalog/catalog.ts';
import {
  comparisonTypeName,
  constants,
  functionsOfMore,
  functionsOfOne,
  valueFields,
  valueFieldTypeName,
  valueRelations,
  valueTypeName,
} from '../model/values.ts';
import { describeField } from './describe.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';

const operators = {
  equals: 'Both are equal, or both are null.',
  not: 'They are not equal.',
  lt: 'It is less than this one.',
  lte: 'It is less than or equal to this one.',
  gt: 'It is greater than this one.',
  gte: 'It is greater than or equal to this one.',
  contains: 'Its text contains this one.',
  startsWith: 'Its text begins with this one.',
  endsWith: 'Its text ends with this one.',
};

/** @returns undefined if the entity has nothing to compare */
export function comparisonType(parts: SchemaParts, entity: Entity): InputRef | undefined {
  if (valueFields(entity).length === 0) return undefined;
  return inputType(parts, comparisonTypeName(entity), ref =>
    parts.builder.inputType(ref, {
      description: `A value computed from one of ${entity.set}, compared with others; all comparisons must hold.`,
      fields: t => {
        const type = valueType(parts, entity);
        const compared = Object.entries(operators).map(
          ([name, description]) => [name, t.field({ type, description })] as const,
        );
        return {
          of: t.field({ type, required: true, description: 'What is compared.' }),
          ...Object.fromEntries(compared),
        };
      },
    }),
  );
}

function valueType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, valueTypeName(entity), ref =>
    parts.builder.inputType(ref, {
      description: `A value computed from one of ${entity.set}: exactly one of these. Null if an operand is null.`,
      isOneOf: true,
      fields: t => ({
        field: t.field({ type: fieldEnum(parts, entity), description: 'A field of the row.' }),
        number: t.field({ type: constants.number, description: 'This number.' }),
        text: t.field({
          type: constants.text,
          description: 'This text; compared with another type, it is parsed as a value of that type.',
        }),
        boolean: t.field({ type: constants.boolean, description: 'This boolean.' }),
        now: t.boolean({ description: 'The current time; always `true`.' }),
        ...Object.fromEntries([
          ...Object.entries(functionsOfOne).map(
            ([name, description]) => [name, t.field({ type: ref, description })] as const,
          ),
          ...Object.entries(functionsOfMore).map(
            ([name, description]) => [name, t.field({ type: [ref], description })] as const,
          ),
          ...valueRelations(entity).map(relation => {
            const type = valueType(parts, parts.catalog.entities.get(relation.target)!);
            return [relation.name, t.field({ type, description: describeField(entity, relation) })] as const;
          }),
        ]),
      }),
    }),
  );
}

function fieldEnum({ builder, enums }: SchemaParts, entity: Entity) {
  const name = valueFieldTypeName(entity);
  const known = enums.get(name);
  if (known) return known;
  const values = valueFields(entity).map(
    field => [field.name, { value: field.name, description: describeField(entity, field) }] as const,
  );
  const description = `Fields of ${entity.set} that can be used in computed values.`;
  const made = builder.enumType(name, { description, values: Object.fromEntries(values) });
  enums.set(name, made);
  return made;
}

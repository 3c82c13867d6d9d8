// `ProductComparison` and `ProductValue`: what is computed from a row, compared with one another.

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
  equals: 'Both are the same, or both are missing.',
  not: 'They are not the same.',
  lt: 'It is less than this one.',
  lte: 'It is this one or less.',
  gt: 'It is greater than this one.',
  gte: 'It is this one or greater.',
  contains: 'Its text has this one somewhere.',
  startsWith: 'Its text begins with this one.',
  endsWith: 'Its text ends with this one.',
};

/** @returns undefined where the entity has nothing to compare */
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
      description: `A value computed from one of ${entity.set}: exactly one of these. Missing where a part of it is.`,
      isOneOf: true,
      fields: t => ({
        field: t.field({ type: fieldEnum(parts, entity), description: 'A field of the row.' }),
        number: t.field({ type: constants.number, description: 'This number.' }),
        text: t.field({
          type: constants.text,
          description: 'This text; opposite to another type, the value that it spells.',
        }),
        boolean: t.field({ type: constants.boolean, description: 'This truth value.' }),
        now: t.boolean({ description: 'The present moment; always `true`.' }),
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
  const description = `Fields of ${entity.set} that can be computed with.`;
  const made = builder.enumType(name, { description, values: Object.fromEntries(values) });
  enums.set(name, made);
  return made;
}

// `DecimalFilter`, `StringListFilter` and so on: the conditions on one value, in Prisma's words.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import { filterFunctions } from '../model/filter-functions.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';
import { elementName, elementType } from './value-type.ts';

/** @returns the filter type for values of this type */
export const filterType = (parts: SchemaParts, type: ValueType): InputRef =>
  type.list ? listFilterType(parts, type) : valueFilterType(parts, type);

function valueFilterType(parts: SchemaParts, type: ValueType): InputRef {
  const name = `${elementName(type)}Filter`;
  return inputType(parts, name, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on a value of type ${elementName(type)}; all of them must hold.`,
      fields: t => {
        const element = elementType(parts, type);
        const one = (operator: string) => [
          operator,
          t.field({ type: element, description: meanings[operator] }),
        ];
        const many = (operator: string) => [
          operator,
          t.field({ type: [element], description: meanings[operator] }),
        ];
        return Object.fromEntries([
          ...['equals', 'not'].map(one),
          ...(unlisted.has(type.scalar) ? [] : ['in', 'notIn'].map(many)),
          ...(unordered.has(type.scalar) ? [] : ['lt', 'lte', 'gt', 'gte'].map(one)),
          ...(type.scalar === 'String' ? ['contains', 'startsWith', 'endsWith'].map(one) : []),
          ...(type.scalar === 'String'
            ? [['mode', t.field({ type: parts.stringMode, description: meanings.mode })]]
            : []),
          ...filterFunctions(type).map(({ name: fn, gives, description }) => [
            fn,
            t.field({ type: filterType(parts, gives(type)), description }),
          ]),
          ['isNull', t.boolean({ description: meanings.isNull })],
          ['NOT', t.field({ type: ref, description: meanings.NOT })],
        ]);
      },
    }),
  );
}

function listFilterType(parts: SchemaParts, type: ValueType): InputRef {
  const name = `${elementName(type)}ListFilter`;
  return inputType(parts, name, ref =>
    parts.builder.inputType(ref, {
      description: `Conditions on a list of ${elementName(type)}; all of them must hold.`,
      fields: t => {
        const element = elementType(parts, type);
        return {
          equals: t.field({ type: [element], description: 'Has these values, in this order.' }),
          has: t.field({ type: element, description: 'Has this value among others.' }),
          hasEvery: t.field({ type: [element], description: 'Has all of these values.' }),
          hasSome: t.field({ type: [element], description: 'Has at least one of these values.' }),
          isEmpty: t.boolean({ description: 'Has no values, or (false) has some.' }),
          isNull: t.boolean({ description: meanings.isNull }),
        };
      },
    }),
  );
}

const unordered: ReadonlySet<Scalar> = new Set(['Boolean', 'Json', 'Bytes']);
const unlisted: ReadonlySet<Scalar> = new Set(['Json']);

const meanings: Readonly<Record<string, string>> = {
  equals: 'Equals this value; null: is null.',
  not: 'Does not equal this value; null: is not null.',
  in: 'Is one of these values.',
  notIn: 'Is none of these values.',
  lt: 'Is less than this value.',
  lte: 'Is less than or equal to this value.',
  gt: 'Is greater than this value.',
  gte: 'Is greater than or equal to this value.',
  contains: 'Contains this text.',
  startsWith: 'Begins with this text.',
  endsWith: 'Ends with this text.',
  mode: 'Whether the other conditions are case-sensitive. Default: they are.',
  isNull: 'Is null, or (false) is not null.',
  NOT: 'These conditions do not all hold.',
};

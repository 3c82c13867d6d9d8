// Values that a comparison computes from a row: `compare: { of: { field: price }, lt: { mul: [{ field: cost }, { number: 2 }] } }`.

import type { ColumnField, Entity, RelationField, SqlField } from '../../catalog/catalog.ts';
import type { FunctionName } from '../../query/ask/function-name.ts';
import { hasOrder } from './aggregates.ts';

export const comparisonTypeName = (entity: Entity): string => `${entity.name}Comparison`;
export const valueTypeName = (entity: Entity): string => `${entity.name}Value`;
export const valueFieldTypeName = (entity: Entity): string => `${entity.name}ValueField`;

/** @returns the fields that can be compared with each other */
export const valueFields = (entity: Entity): (ColumnField | SqlField)[] =>
  [...entity.fields.values()].filter(hasOrder);

/** The GraphQL type of each kind of constant. */
export const constants = { number: 'Decimal', text: 'String', boolean: 'Boolean' } as const;

export const functionsOfOne = {
  lower: 'A text in lower case.',
  upper: 'A text in upper case.',
  trim: 'A text without leading and trailing spaces.',
  length: 'The number of characters of a text.',
  date: 'The date of a timestamp, in UTC.',
  time: 'The time of day of a timestamp, in UTC.',
  year: 'The year of a timestamp or date.',
  quarter: 'The quarter, from 1.',
  month: 'The month, from 1.',
  day: 'The day of the month, from 1.',
  hour: 'The hour of a timestamp or time of day.',
  minute: 'The minute of a timestamp or time of day.',
  second: 'The second of a timestamp or time of day, without fractions.',
  negate: 'A number with the opposite sign.',
  round: 'A number rounded to the nearest integer; halves are rounded away from zero.',
  floor: 'Rounded down to an integer.',
  ceiling: 'Rounded up to an integer.',
} as const satisfies Partial<Record<FunctionName, string>>;

export const functionsOfMore = {
  add: 'The sum of two numbers.',
  sub: 'The first number minus the second.',
  mul: 'The product of two numbers.',
  div: 'The first number divided by the second; dividing integers yields an integer.',
  divby: 'The first number divided by the second, with decimals.',
  mod: 'The remainder of dividing the first number by the second.',
  concat: 'Two texts joined together.',
  indexOf: 'The position of the second text in the first, from 0; -1 if it does not occur.',
  substring:
    'The part of a text from a position, counted from 0; an optional third argument limits its length.',
} as const satisfies Partial<Record<FunctionName, string>>;

/** @returns the to-one relations whose values can be used. If a relation has the name of a function, the function wins. */
export const valueRelations = (entity: Entity): RelationField[] =>
  [...entity.fields.values()].filter(
    (field): field is RelationField => field.kind === 'relation' && !field.list && !reserved.has(field.name),
  );

const reserved: ReadonlySet<string> = new Set([
  'field',
  'now',
  ...Object.keys(constants),
  ...Object.keys(functionsOfOne),
  ...Object.keys(functionsOfMore),
]);

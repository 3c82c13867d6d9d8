// Values that a comparison can compute from a row: `compare: { of: { field: price }, lt: { mul: [{ field: cost }, { number: 2 }] } }`.

import type { ColumnField, Entity, RelationField, SqlField } from '../../catalog/catalog.ts';
import type { FunctionName } from '../../query/ask/expression.ts';
import { hasOrder } from './aggregates.ts';

export const comparisonTypeName = (entity: Entity): string => `${entity.name}Comparison`;
export const valueTypeName = (entity: Entity): string => `${entity.name}Value`;
export const valueFieldTypeName = (entity: Entity): string => `${entity.name}ValueField`;

/** @returns the fields that can be compared with one another */
export const valueFields = (entity: Entity): (ColumnField | SqlField)[] =>
  [...entity.fields.values()].filter(hasOrder);

/** The constants by their names, and GraphQL's types of them. */
export const constants = { number: 'Decimal', text: 'String', boolean: 'Boolean' } as const;

export const functionsOfOne = {
  lower: 'A text with all letters small.',
  upper: 'A text with all letters capital.',
  trim: 'A text without the blanks at both ends.',
  length: 'How many characters a text has.',
  date: 'The day of a moment, in UTC.',
  time: 'The time of day of a moment, in UTC.',
  year: 'The year of a moment or a day.',
  quarter: 'Its quarter, from 1.',
  month: 'Its month, from 1.',
  day: 'Its day of the month, from 1.',
  hour: 'The hour of a moment or a time of day.',
  minute: 'Its minute.',
  second: 'Its whole seconds.',
  negate: 'A number with the other sign.',
  round: 'The whole number next to a number; from the middle, away from zero.',
  floor: 'The greatest whole number that is not greater.',
  ceiling: 'The least whole number that is not less.',
} as const satisfies Partial<Record<FunctionName, string>>;

export const functionsOfMore = {
  add: 'The sum of two numbers.',
  sub: 'The first number less the second.',
  mul: 'The product of two numbers.',
  div: 'The first number divided by the second; of whole numbers, a whole one.',
  divby: 'The first number divided by the second, with its decimals.',
  mod: 'What is left when the first number is divided by the second.',
  concat: 'Two texts, one behind the other.',
  indexOf: 'Where the second text begins in the first, from 0; -1 where it does not occur.',
  substring: 'A text from a place on, counted from 0, and no longer than a third argument says.',
} as const satisfies Partial<Record<FunctionName, string>>;

/** @returns the to-one relations through which values of other rows are reached. The names of functions go before theirs. */
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

// Which fields can be aggregated and grouped by, and the names of the aggregates.

import type {
  ColumnField,
  Entity,
  Field,
  RelationField,
  SqlField,
  ValueType,
} from '../../catalog/catalog.ts';
import type { AggregateFunction } from '../../query/ask/expression.ts';
import type { FunctionName } from '../../query/ask/function-name.ts';
import { aggregateTypeOf } from '../../query/check/aggregate-type.ts';

/** The aggregates of a field. `count` is separate: it counts rows. */
const fieldAggregates = ['countDistinct', 'sum', 'avg', 'min', 'max'] as const;
export type FieldAggregate = Exclude<AggregateFunction, 'count'>;

/** @returns the aggregates available for at least one field of an entity */
export const aggregatesOf = (entity: Entity): FieldAggregate[] =>
  fieldAggregates.filter(name => aggregatedFields(entity, name).length > 0);

export const isFieldAggregate = (name: string): name is FieldAggregate =>
  (fieldAggregates as readonly string[]).includes(name);

export interface AggregatedField {
  readonly field: ColumnField | SqlField;
  /** The type of the aggregate. */
  readonly type: ValueType;
}

/** @returns the fields that an aggregate is available for */
export const aggregatedFields = (entity: Entity, name: FieldAggregate): AggregatedField[] =>
  [...entity.fields.values()].filter(hasOrder).flatMap(field => {
    const type = aggregateTypeOf(name, field.type);
    return type ? [{ field, type }] : [];
  });

/** Whether a field's values can be sorted, and therefore grouped by and compared. */
export const hasOrder = (field: Field): field is ColumnField | SqlField =>
  (field.kind === 'column' || field.kind === 'sql') && !field.type.list && !unordered.has(field.type.scalar);

const unordered: ReadonlySet<string> = new Set(['Json', 'Bytes']);

const suffix = 'Aggregate';

/** @returns the to-many relation that a field such as `itemsAggregate` aggregates. A model field of the same name wins. */
export function aggregatedRelation(entity: Entity, name: string): RelationField | undefined {
  if (!name.endsWith(suffix) || entity.fields.has(name)) return undefined;
  const field = entity.fields.get(name.slice(0, -suffix.length));
  return field?.kind === 'relation' && field.list ? field : undefined;
}

/** @returns the name of the field with a relation's aggregates, or undefined if it has none or the name is taken */
export function aggregateFieldOf(entity: Entity, relation: RelationField): string | undefined {
  const name = `${relation.name}${suffix}`;
  return relation.list && !entity.fields.has(name) ? name : undefined;
}

/** Names of the types with the values of one aggregate: `ProductSums`. */
export const valuesTypeName = (entity: Entity, name: FieldAggregate): string =>
  `${entity.name}${valuesNames[name]}`;

const valuesNames: Readonly<Record<FieldAggregate, string>> = {
  countDistinct: 'DistinctCounts',
  sum: 'Sums',
  avg: 'Averages',
  min: 'Extremes',
  max: 'Extremes',
};

/** What timestamps and dates can be grouped by: `value` is the whole value. */
export type DatePart = 'value' | (FunctionName & ('date' | 'year' | 'quarter' | 'month' | 'day' | 'hour'));

const partsOfDate: readonly DatePart[] = ['value', 'year', 'quarter', 'month', 'day'];
const partsOfDateTime: readonly DatePart[] = [...partsOfDate, 'hour', 'date'];

/** @returns the parts of values of this type; undefined for types that are grouped by whole values */
export function datePartsOf({ scalar }: ValueType): readonly DatePart[] | undefined {
  if (scalar === 'DateTime') return partsOfDateTime;
  return scalar === 'Date' ? partsOfDate : undefined;
}

export const keyTypeName = (of: Entity | ValueType): string =>
  `${'fields' in of ? of.name : of.scalar}GroupKey`;
export const groupTypeName = (entity: Entity): string => `${entity.name}Group`;
export const aggregateTypeName = (entity: Entity): string => `${entity.name}Aggregate`;

// Bound -> SQL. A condition is written in one of three ways. For WHERE, null counts as false, so comparisons stay as they are and
// an index can serve them. Under a negation, only false counts. As a value, true, false and null are distinguished.

import type { ColumnField } from '../../catalog/catalog.ts';
import {
  type Bound,
  type BoundCase,
  type BoundCompare,
  type BoundElements,
  type BoundIn,
  type BoundIsNull,
  type BoundLookup,
  type BoundOver,
  type BoundQuantifier,
  isNullable,
  type TypedBound,
  typeOf,
} from '../bound/expression.ts';
import { aggregateSql } from './aggregate.ts';
import { callSql } from './call.ts';
import { castSql } from './cast.ts';
import { comparisonSql, mayBeNaN } from './nan.ts';
import { rankSql, searchSql } from './search.ts';
import { columnSql, fieldSql, presenceSql, relatedRows, rowFilter, type Statement } from './statement.ts';
import { identifier } from './text.ts';

/** @returns a condition for WHERE: true where the condition is true, and false or null otherwise */
export function conditionSql(statement: Statement, bound: Bound): string {
  switch (bound.kind) {
    case 'and':
      return junction(bound.items, 'AND', item => conditionSql(statement, item));
    case 'or':
      return junction(bound.items, 'OR', item => conditionSql(statement, item));
    case 'not':
      return bound.keepsNull ? falseSql(statement, bound.item) : notTrueSql(statement, bound.item);
    case 'compare':
      return compareSql(statement, bound);
    case 'in':
      return inSql(statement, bound);
    case 'isNull':
      return isNullSql(statement, bound);
    case 'any':
      return `EXISTS (${overSql(statement, bound.over, () => '1', bound.where)})`;
    case 'all':
      return `NOT ${exceptionSql(statement, bound)}`;
    case 'search':
      return searchSql(statement, bound);
    case 'relation':
      throw new Error('A relation is not a condition.');
    default:
      return valueSql(statement, bound);
  }
}

/** @returns a condition that is true only where the given one is false, not where it is missing */
function falseSql(statement: Statement, bound: Bound): string {
  switch (bound.kind) {
    case 'and':
      return junction(bound.items, 'OR', item => falseSql(statement, item));
    case 'or':
      return junction(bound.items, 'AND', item => falseSql(statement, item));
    case 'not':
      return conditionSql(statement, bound.item);
    case 'compare':
      if (!isInvertible(bound)) return notTrueSql(statement, bound);
      return compareSql(statement, { ...bound, operator: inverse[bound.operator] });
    case 'all':
      return exceptionSql(statement, bound);
    case 'in':
      return notTrueSql(statement, bound);
    default:
      return `NOT (${conditionSql(statement, bound)})`;
  }
}

const notTrueSql = (statement: Statement, bound: Bound): string =>
  `(${conditionSql(statement, bound)}) IS NOT TRUE`;

/** @returns a condition as a value: true, false or null */
function truthSql(statement: Statement, bound: Bound): string {
  switch (bound.kind) {
    case 'and':
      return junction(bound.items, 'AND', item => truthSql(statement, item));
    case 'or':
      return junction(bound.items, 'OR', item => truthSql(statement, item));
    case 'not':
      return bound.keepsNull ? `NOT (${truthSql(statement, bound.item)})` : notTrueSql(statement, bound.item);
    case 'compare':
    case 'in':
      return `(${conditionSql(statement, bound)}) IS TRUE`;
    default:
      return conditionSql(statement, bound);
  }
}

function junction(items: readonly Bound[], word: 'AND' | 'OR', write: (item: Bound) => string): string {
  if (items.length === 0) return word === 'AND' ? 'TRUE' : 'FALSE';
  return items.map(item => `(${write(item)})`).join(` ${word} `);
}

/** Whether any row or element does not match the condition. */
const exceptionSql = (statement: Statement, { over, where }: BoundQuantifier): string =>
  `EXISTS (${overSql(statement, over, () => '1', where && { kind: 'not', item: where })})`;

/** @returns the SQL of a value */
export function valueSql(statement: Statement, bound: TypedBound): string {
  switch (bound.kind) {
    case 'value':
      return statement.parameter(bound.value, bound.cast, bound.slot);
    case 'unstorable':
      throw new Error('Text that cannot be stored cannot be written in SQL.');
    case 'field': {
      const frame = statement.frame(bound.source);
      const entity = bound.path.length
        ? statement.catalog.entities.get(bound.path.at(-1)!.target)!
        : frame.entity!;
      return fieldSql(bound.field, entity, frame.join(bound.path));
    }
    case 'element':
      return `${statement.frame(bound.source).alias}.value`;
    case 'call':
      return callSql(bound, arg => valueSql(statement, arg));
    case 'case':
      return caseSql(statement, bound);
    case 'cast':
      return castSql(bound, valueSql(statement, bound.item));
    case 'elements':
      return elementsSql(statement, bound);
    case 'lookup':
      return lookupSql(statement, bound);
    case 'rank':
      return rankSql(statement, bound);
    case 'count':
      return `(${overSql(statement, bound.over, () => 'count(*)', bound.where)})`;
    case 'aggregate':
      return `(${overSql(statement, bound.over, () => aggregateSql(bound, of => valueSql(statement, of)), bound.where)})`;
    default:
      return `(${truthSql(statement, bound)})`;
  }
}

const inverse = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' } as const;

/** Whether the inverse operator is true exactly where this one is not. For missing values and NaN, neither is. */
const isInvertible = ({ operator, left, right }: BoundCompare): boolean =>
  operator === 'eq' || operator === 'ne' || ![left, right].some(side => isNullable(side) || mayBeNaN(side));

const operators = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

function compareSql(statement: Statement, { operator, left, right }: BoundCompare): string {
  if (left.kind === 'unstorable' || right.kind === 'unstorable')
    return compareUnstorable(statement, operator, left, right);
  // The type json has no equality.
  const cast = typeOf(left).sqlType === 'json' ? '::jsonb' : '';
  const sides = [valueSql(statement, left) + cast, valueSql(statement, right)] as const;
  const leftNullable = isNullable(left);
  const rightNullable = isNullable(right);
  return comparisonSql({ kind: 'compare', operator, left, right }, sides, (a, b) => {
    if (operator === 'ne' && (leftNullable || rightNullable)) return `${a} IS DISTINCT FROM ${b}`;
    if (operator === 'eq' && leftNullable && rightNullable) return `${a} IS NOT DISTINCT FROM ${b}`;
    return `${a} ${operators[operator]} ${b}`;
  });
}

/** Nothing equals text that cannot be stored. A text is less than it if it is not greater than the storable text just below it. */
function compareUnstorable(
  statement: Statement,
  operator: BoundCompare['operator'],
  left: TypedBound,
  right: TypedBound,
): string {
  if (operator === 'ne') return 'TRUE';
  if (operator === 'eq' || right.kind !== 'unstorable' || left.kind === 'unstorable') return 'FALSE';
  const below = statement.parameter(right.below, right.type.sqlType);
  return `${valueSql(statement, left)} ${operator[0] === 'l' ? '<=' : '>'} ${below}`;
}

function inSql(statement: Statement, { item, values, cast, orNull }: BoundIn): string {
  if (item.kind === 'unstorable' || (values.length === 0 && !orNull)) return 'FALSE';
  const sql = valueSql(statement, item);
  if (values.length === 0) return `${sql} IS NULL`;
  const isOne = `${sql} = ANY(${statement.parameter(values, `${cast}[]`)})`;
  if (!orNull) return isOne;
  // An index serves both halves of the OR. Only a field may be written twice: nested expressions would double with each level.
  return item.kind === 'field' ? `(${isOne} OR ${sql} IS NULL)` : `coalesce(${isOne}, TRUE)`;
}

function isNullSql(statement: Statement, { item }: BoundIsNull): string {
  if (item.kind !== 'relation') return `${valueSql(statement, item)} IS NULL`;
  const target = statement.catalog.entities.get(item.path.at(-1)!.target)!;
  return `${presenceSql(target, statement.frame(item.source).join(item.path))} IS NULL`;
}

function caseSql(statement: Statement, { branches, type }: BoundCase): string {
  const written = branches.map(
    ({ when, value }) => `WHEN ${conditionSql(statement, when)} THEN ${valueSql(statement, value)}`,
  );
  return `(CASE ${written.join(' ')} END)::${type.sqlType}`;
}

function elementsSql(statement: Statement, { over, where, order, skip, take }: BoundElements): string {
  const near = statement.frame(over.source).join(over.path);
  const frame = statement.open(over.each);
  const list = `unnest(${columnSql(over.field as ColumnField, near)})`;
  const condition = where ? ` WHERE ${conditionSql(statement, where)}` : '';
  const keys = order.map(({ by, direction }) => `${valueSql(statement, by)} ${direction.toUpperCase()}`);
  const offset = skip > 0 ? ` OFFSET ${statement.parameter(skip, 'bigint')}` : '';
  const limit = take === undefined ? '' : ` LIMIT ${statement.parameter(take, 'bigint')}`;
  const sorted = `ORDER BY ${[...keys, `${frame.alias}.place`].join(', ')}`;
  return `ARRAY(SELECT ${frame.alias}.value FROM ${list} WITH ORDINALITY AS ${frame.alias}(value, place)${condition} ${sorted}${limit}${offset})`;
}

function lookupSql(statement: Statement, { each, where, of }: BoundLookup): string {
  const frame = statement.open(each);
  const conditions = [...rowFilter(each.entity, frame.alias), conditionSql(statement, where)];
  const value = valueSql(statement, of);
  const from = `${identifier(each.entity.table)} ${frame.alias}${frame.joins}`;
  return `(SELECT ${value} FROM ${from} WHERE ${conditions.map(sql => `(${sql})`).join(' AND ')})`;
}

/**
 * @param select returns the output; called once the rows or elements have their alias
 * @returns SELECT over the rows of a to-many relation, or the elements of a list, that match a condition
 */
function overSql(statement: Statement, over: BoundOver, select: () => string, where?: Bound): string {
  const near = statement.frame(over.source).join(over.path);
  const frame = statement.open(over.each);
  const output = select();
  if (over.field.kind === 'column') {
    const list = `unnest(${columnSql(over.field, near)}) AS ${frame.alias}(value)`;
    return `SELECT ${output} FROM ${list}${where ? ` WHERE ${conditionSql(statement, where)}` : ''}`;
  }
  const related = relatedRows(statement, over.field, near, frame.alias);
  const conditions = [...related.where];
  if (where) conditions.push(`(${conditionSql(statement, where)})`);
  return `SELECT ${output} FROM ${related.from}${frame.joins} WHERE ${conditions.join(' AND ')}`;
}

// Keyset paging: the rows after a cursor, in any order.

import { type BoundOrder, isNullable, type TypedBound, typeOf } from '../bound/expression.ts';
import type { BoundPage } from '../bound/query.ts';
import { valueSql } from './expression.ts';
import type { Statement } from './statement.ts';

/** A sort key and its SQL. */
export interface Key {
  readonly term: BoundOrder;
  readonly sql: string;
}

export interface Seek {
  /** The keys in reading order, which is reversed for a page from the end. */
  readonly keys: readonly Key[];
  /** Conditions that the page's rows must match. */
  readonly conditions: readonly string[];
  /** The same rows as consecutive ranges, if an index can serve each range but not the whole. */
  readonly ranges?: readonly Range[];
  /** The rows up to and including the `after` cursor, which come before the page. */
  readonly upToAfter?: Beyond;
  /** The rows from the `before` cursor on, which come after the page. */
  readonly fromBefore?: Beyond;
}

/** Rows that an index returns in order. */
export interface Range {
  readonly conditions: readonly string[];
  readonly keys: readonly Key[];
}

export interface Beyond {
  readonly condition: string;
  /** An order in which the first such row is found quickly if an index serves the list's order. */
  readonly order: string;
}

/** @param keys the list's sort keys, in order */
export function seekSql(statement: Statement, keys: readonly Key[], page?: BoundPage): Seek {
  if (!page) return { keys, conditions: [], ranges: rangesOf(keys) };
  const after = page.after && valued(statement, keys, page.after);
  const before = page.before && valued(statement, keys.map(mirror), page.before);
  const inOrder = withoutMissing(keys, page);
  const read = page.backward ? inOrder.map(mirror) : inOrder;
  const [start, end] = page.backward ? [before, after] : [after, before];
  return {
    keys: read,
    conditions: [after, before].filter(bound => bound !== undefined).map(bound => rowsAfter(bound)),
    ranges: end ? undefined : rangesOf(read, start),
    upToAfter: after && beyond(after.map(mirror)),
    fromBefore: before && beyond(before.map(mirror)),
  };
}

const beyond = (keys: readonly ValuedKey[]): Beyond => ({
  condition: rowsAfter(keys, true),
  order: `${keys[0]!.sql}${keys[0]!.term.direction === 'desc' ? ' DESC' : ''}`,
});

/**
 * PostgreSQL's indexes keep nulls at one end, and no single index condition covers both a range and the nulls. If the order
 * has nulls at the other end, or a page begins before them, the rows are split into those with a value and those without.
 * @param keys the sort keys in reading order
 * @param start the same keys with the cursor's values
 * @returns undefined if splitting would not help an index
 */
function rangesOf(keys: readonly Key[], start?: readonly ValuedKey[]): readonly Range[] | undefined {
  const [first, ...rest] = keys;
  if (!first || rest.length === 0 || !isNullable(first.term.by) || !isIndexed(first.term.by))
    return undefined;
  const { nulls, direction } = first.term;
  const missing = { conditions: [`${first.sql} IS NULL`], keys: rest };
  const present = { conditions: [`${first.sql} IS NOT NULL`], keys: [notNull(first), ...rest] };
  if (start === undefined) {
    if ((nulls === 'last') === (direction === 'asc')) return undefined;
    return nulls === 'first' ? [missing, present] : [present, missing];
  }
  const [valued, ...others] = start as [ValuedKey, ...ValuedKey[]];
  if (nulls === 'last' && valued.value !== null)
    return [{ ...present, conditions: [rowsAfter([notNull(valued), ...others])] }, missing];
  if (nulls === 'first' && valued.value === null)
    return [{ ...missing, conditions: [...missing.conditions, rowsAfter(others)] }, present];
  return undefined;
}

const notNull = <K extends Key>(key: K): K => ({
  ...key,
  term: { ...key.term, by: { ...key.term.by, nullable: false } as TypedBound },
});

const isIndexed = (by: TypedBound): boolean =>
  by.kind === 'field' && by.path.length === 0 && (by.source.entity?.indexed?.has(by.field.name) ?? false);

/** @returns the SQL of a sort key. Computed values are cast to the type that cursor values are compared in. */
export function keySql(statement: Statement, by: TypedBound): string {
  const sql = valueSql(statement, by);
  const isColumn = by.kind === 'field' && by.field.kind === 'column';
  return isColumn ? sql : `(${sql})::${typeOf(by).sqlType}`;
}

/** @returns the key as text, from which PostgreSQL reads exactly the same value. */
export const keyText = (sql: string): string => `(${sql})::text`;

/** A key with the SQL of the cursor's value, which is null if the value is missing. */
interface ValuedKey extends Key {
  readonly value: string | null;
}

const mirror = <K extends Key>(key: K): K => {
  const { direction, nulls } = key.term;
  const term: BoundOrder = {
    ...key.term,
    direction: direction === 'asc' ? 'desc' : 'asc',
    nulls: nulls === 'first' ? 'last' : 'first',
  };
  return { ...key, term };
};

const valued = (
  statement: Statement,
  keys: readonly Key[],
  values: readonly (string | null)[],
): ValuedKey[] =>
  keys.map((key, index) => {
    const value = values[index] ?? null;
    return { ...key, value: value === null ? null : statement.parameter(value, typeOf(key.term.by).sqlType) };
  });

/**
 * If a cursor excludes the rows whose first key is null, the order need not say where nulls go, so an index that has them at
 * the other end can serve it.
 */
function withoutMissing(keys: readonly Key[], { after, before }: BoundPage): readonly Key[] {
  const [first, ...rest] = keys;
  const excluding = (first?.term.nulls === 'first' ? after : before)?.[0] ?? null;
  if (!first || excluding === null) return keys;
  return [notNull(first), ...rest];
}

/**
 * The condition that a row comes after the cursor's values. Each key limits the rows by itself before the next one decides,
 * `a >= 1 AND (a > 1 OR b > 2)`, so that an index on the first key can serve it.
 */
function rowsAfter(keys: readonly ValuedKey[], orEqual = false): string {
  if (keys.length > 1 && isOneComparison(keys)) return rowComparison(keys, orEqual);
  const [first, ...rest] = keys as [ValuedKey, ...ValuedKey[]];
  if (rest.length === 0) return orEqual ? (notBefore(first) ?? 'TRUE') : (strictlyAfter(first) ?? 'FALSE');
  const strictly = strictlyAfter(first);
  const further = `(${rowsAfter(rest, orEqual)})`;
  const decided = strictly === undefined ? further : `(${strictly} OR ${further})`;
  const bound = notBefore(first);
  return bound === undefined ? decided : `${bound} AND ${decided}`;
}

/** Whether one row comparison covers all keys. PostgreSQL can serve it with an index on the first keys. */
const isOneComparison = (keys: readonly ValuedKey[]): boolean =>
  keys.every(
    ({ term, value }) => value !== null && !isNullable(term.by) && term.direction === keys[0]!.term.direction,
  );

function rowComparison(keys: readonly ValuedKey[], orEqual: boolean): string {
  const list = (texts: readonly (string | null)[]) => `(${texts.join(', ')})`;
  const operator = operatorOf(keys[0]!, orEqual);
  return `${list(keys.map(key => key.sql))} ${operator} ${list(keys.map(key => key.value))}`;
}

const operatorOf = ({ term }: Key, orEqual: boolean): string =>
  `${term.direction === 'asc' ? '>' : '<'}${orEqual ? '=' : ''}`;

/** @returns undefined if no row is */
function strictlyAfter(key: ValuedKey): string | undefined {
  const { term, sql, value } = key;
  if (value === null) return term.nulls === 'first' ? `${sql} IS NOT NULL` : undefined;
  return orMissing(key, `${sql} ${operatorOf(key, false)} ${value}`);
}

/** @returns undefined if every row is */
function notBefore(key: ValuedKey): string | undefined {
  const { term, sql, value } = key;
  if (value === null) return term.nulls === 'first' ? undefined : `${sql} IS NULL`;
  return orMissing(key, `${sql} ${operatorOf(key, true)} ${value}`);
}

const orMissing = ({ term, sql }: ValuedKey, comparison: string): string =>
  isNullable(term.by) && term.nulls === 'last' ? `(${comparison} OR ${sql} IS NULL)` : comparison;

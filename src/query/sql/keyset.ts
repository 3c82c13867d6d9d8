// Keyset paging: the rows behind a cursor, whatever the order.

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
  /** In the order in which the rows are read, which is the other way round for a page from the end. */
  readonly keys: readonly Key[];
  /** What the page's rows must meet. */
  readonly conditions: readonly string[];
  /** The same rows, one range after the other, where that lets an index serve which does not serve the whole. */
  readonly ranges?: readonly Range[];
  /** Which rows lie up to the cursor that the page comes after: those that come before the page. */
  readonly upToAfter?: Beyond;
  /** Which rows lie from the cursor on that the page comes before. */
  readonly fromBefore?: Beyond;
}

/** Rows that an index gives in their order. */
export interface Range {
  readonly conditions: readonly string[];
  readonly keys: readonly Key[];
}

export interface Beyond {
  readonly condition: string;
  /** An order in which one of them, if there is any, is found at once where an index serves the list's own order. */
  readonly order: string;
}

/** @param keys in the order of the list */
export function seekSql(statement: Statement, keys: readonly Key[], page?: BoundPage): Seek {
  if (!page) return { keys, conditions: [], ranges: rangesOf(keys) };
  const after = page.after && valued(statement, keys, page.after);
  const before = page.before && valued(statement, keys.map(mirror), page.before);
  const inOrder = withoutMissing(keys, page);
  const read = page.backward ? inOrder.map(mirror) : inOrder;
  const [start, end] = page.backward ? [before, after] : [after, before];
  return {
    keys: read,
    conditions: [after, before].filter(bound => bound !== undefined).map(bound => behind(bound)),
    ranges: end ? undefined : rangesOf(read, start),
    upToAfter: after && beyond(after.map(mirror)),
    fromBefore: before && beyond(before.map(mirror)),
  };
}

const beyond = (keys: readonly ValuedKey[]): Beyond => ({
  condition: behind(keys, true),
  order: `${keys[0]!.sql}${keys[0]!.term.direction === 'desc' ? ' DESC' : ''}`,
});

/**
 * PostgreSQL's indexes have missing values at one end, and no condition takes in a range and that end. Where the order
 * has them at the other end, or a page begins before them, the rows are those that have a value and those that have none.
 * @param keys in the order of reading
 * @param start the same keys with the cursor's values
 * @returns undefined where one range, or none, is all that an index could serve
 */
function rangesOf(keys: readonly Key[], start?: readonly ValuedKey[]): readonly Range[] | undefined {
  const [first, ...rest] = keys;
  if (!first || rest.length === 0 || !isNullable(first.term.by) || !isIndexed(first.term.by))
    return undefined;
  const { nulls, direction } = first.term;
  const missing = { conditions: [`${first.sql} IS NULL`], keys: rest };
  const present = { conditions: [`${first.sql} IS NOT NULL`], keys: [thatIsThere(first), ...rest] };
  if (start === undefined) {
    if ((nulls === 'last') === (direction === 'asc')) return undefined;
    return nulls === 'first' ? [missing, present] : [present, missing];
  }
  const [valued, ...others] = start as [ValuedKey, ...ValuedKey[]];
  if (nulls === 'last' && valued.value !== null)
    return [{ ...present, conditions: [behind([thatIsThere(valued), ...others])] }, missing];
  if (nulls === 'first' && valued.value === null)
    return [{ ...missing, conditions: [...missing.conditions, behind(others)] }, present];
  return undefined;
}

const thatIsThere = <K extends Key>(key: K): K => ({
  ...key,
  term: { ...key.term, by: { ...key.term.by, nullable: false } as TypedBound },
});

const isIndexed = (by: TypedBound): boolean =>
  by.kind === 'field' && by.path.length === 0 && (by.source.entity?.indexed?.has(by.field.name) ?? false);

/** What is computed may come in a wider or narrower type than the one that a cursor's value is given back in. */
export function keySql(statement: Statement, by: TypedBound): string {
  const sql = valueSql(statement, by);
  const isColumn = by.kind === 'field' && by.field.kind === 'column';
  return isColumn ? sql : `(${sql})::${typeOf(by).sqlType}`;
}

/** Lossless text, from which the type's own input gives the same value again. */
export const keyText = (sql: string): string => `(${sql})::text`;

/** A key with the SQL of the cursor's value, null where that is missing. */
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
 * Where a cursor excludes the rows whose first key is missing, the order need not say where they go, and an index that
 * puts them elsewhere can serve it.
 */
function withoutMissing(keys: readonly Key[], { after, before }: BoundPage): readonly Key[] {
  const [first, ...rest] = keys;
  const excluding = (first?.term.nulls === 'first' ? after : before)?.[0] ?? null;
  if (!first || excluding === null) return keys;
  return [thatIsThere(first), ...rest];
}

/**
 * The condition that a row comes behind the values in the order of the keys. Each key bounds the rows by itself before it
 * lets the next one decide: `a >= 1 AND (a > 1 OR b > 2)`, so that an index on the first key serves.
 */
function behind(keys: readonly ValuedKey[], orEqual = false): string {
  if (keys.length > 1 && isOneComparison(keys)) return rowComparison(keys, orEqual);
  const [first, ...rest] = keys as [ValuedKey, ...ValuedKey[]];
  if (rest.length === 0) return orEqual ? (notBefore(first) ?? 'TRUE') : (strictlyBehind(first) ?? 'FALSE');
  const strictly = strictlyBehind(first);
  const further = `(${behind(rest, orEqual)})`;
  const decided = strictly === undefined ? further : `(${strictly} OR ${further})`;
  const bound = notBefore(first);
  return bound === undefined ? decided : `${bound} AND ${decided}`;
}

/** PostgreSQL compares rows key by key, with the index on their first keys. */
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

/** @returns undefined where no row is */
function strictlyBehind(key: ValuedKey): string | undefined {
  const { term, sql, value } = key;
  if (value === null) return term.nulls === 'first' ? `${sql} IS NOT NULL` : undefined;
  return orMissing(key, `${sql} ${operatorOf(key, false)} ${value}`);
}

/** @returns undefined where every row is */
function notBefore(key: ValuedKey): string | undefined {
  const { term, sql, value } = key;
  if (value === null) return term.nulls === 'first' ? undefined : `${sql} IS NULL`;
  return orMissing(key, `${sql} ${operatorOf(key, true)} ${value}`);
}

const orMissing = ({ term, sql }: ValuedKey, comparison: string): string =>
  isNullable(term.by) && term.nulls === 'last' ? `(${comparison} OR ${sql} IS NULL)` : comparison;

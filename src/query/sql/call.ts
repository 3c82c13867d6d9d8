// Function calls -> SQL.

import type { Parameter } from '../../base/database/database.ts';
import type { FunctionName } from '../ask/function-name.ts';
import { type BoundCall, type BoundValue, type TypedBound, typeOf } from '../bound/expression.ts';
import { once } from './text.ts';

type Sql = (arg: TypedBound) => string;
type Template = (args: readonly TypedBound[], sql: Sql) => string;

/** @param sql returns the SQL of an argument */
export const callSql = (call: BoundCall, sql: Sql): string => templates[call.name](call.args, sql);

const simple =
  (write: (...args: string[]) => string): Template =>
  (args, sql) =>
    write(...args.map(sql));

/** Integers are widened first: see `widest` in check/arithmetic.ts. */
const arithmetic =
  (operator: string): Template =>
  (args, sql) =>
    `(${args.map(arg => wide(arg, sql, args)).join(` ${operator} `)})`;

/** Together with a duration, PostgreSQL accepts numbers only in double precision. */
function wide(arg: TypedBound, sql: Sql, others: readonly TypedBound[] = []): string {
  const { scalar } = typeOf(arg);
  if (scalar !== 'Duration' && others.some(other => typeOf(other).scalar === 'Duration')) {
    return `${sql(arg)}::double precision`;
  }
  return scalar === 'Int' ? `${sql(arg)}::bigint` : sql(arg);
}

/** Dates with or without a time: a date and a duration give a date, two dates give a duration. */
const sumOr =
  (operator: '+' | '-'): Template =>
  (args, sql) => {
    const scalars = args.map(arg => typeOf(arg).scalar);
    if (!scalars.includes('Date') && !scalars.includes('DateTime')) return arithmetic(operator)(args, sql);
    if (!scalars.includes('Duration')) {
      return `(${args.map(arg => `${sql(arg)}::timestamptz`).join(` ${operator} `)})`;
    }
    const sum = `(${args.map(sql).join(` ${operator} `)})`;
    return scalars.includes('Date') ? `${sum}::date` : sum;
  };

/**
 * A negative start counts from the end. If the sign of the start depends on the row, each argument is computed once in a
 * subquery: written twice, nested calls would double the statement with each level.
 */
function substring(text: string, start: TypedBound, length: TypedBound | undefined, sql: Sql): string {
  const cut = (rest: string) =>
    length === undefined ? rest : `left(${rest}, greatest(${sql(length)}, 0)::integer)`;
  if (start.kind === 'value') {
    const isFromEnd = String(start.value).startsWith('-');
    return cut(
      isFromEnd
        ? `right(${text}, (- ${sql(start)})::integer)`
        : `substr(${text}, ${sql(start)}::integer + 1)`,
    );
  }
  const position = 'CASE WHEN s.start < 0 THEN greatest(length(s.text) + s.start, 0) ELSE s.start END';
  const rest = `(SELECT substr(s.text, (${position})::integer + 1) FROM ${once(`${text} AS text, ${sql(start)} AS start`)} s)`;
  return cut(rest);
}

const isNumber = (arg: TypedBound): boolean => typeOf(arg).scalar !== 'Duration';

/** Division by zero gives infinity or NaN (OData 4.01 Part 2, 5.1.1.2.5), for types that have them. */
function quotient([a, b]: readonly TypedBound[], sql: Sql): string {
  if (b!.kind === 'value' && Number(b!.value) !== 0) return `(${sql(a!)} / ${sql(b!)})`;
  const byZero = `CASE sign(q.a) WHEN 1 THEN 'Infinity' WHEN -1 THEN '-Infinity' ELSE q.a - q.a + 'NaN' END`;
  return `(SELECT CASE WHEN q.b = 0 THEN ${byZero} ELSE q.a / q.b END FROM ${once(`${sql(a!)} AS a, ${sql(b!)} AS b`)} q)`;
}

const part = (name: string) => simple(a => `floor(extract(${name} from ${a}))::integer`);

/** Literals are matched with LIKE, which an index can serve; wildcards in them are escaped. */
const matching =
  (like: (escaped: string) => string, otherwise: (a: string, b: string) => string): Template =>
  ([text, pattern], sql) => {
    if (pattern!.kind !== 'value') return otherwise(sql(text!), sql(pattern!));
    const escaped = String(pattern!.value).replaceAll(/[\\%_]/g, '\\$&');
    return `${sql(text!)} LIKE ${sql({ ...pattern!, value: like(escaped), cast: 'text' })}`;
  };

const exact = (arg: TypedBound, sql: Sql): string =>
  typeOf(arg).scalar === 'Float' ? sql(arg) : `${sql(arg)}::numeric`;

/** Each value must occur after the previous one. 2147483646 is past the end of any list, for a previous value that was not found. */
function subsequence(list: string, values: BoundValue, sql: Sql): string {
  const element = values.cast.replace(/\[\]$/, '');
  let position = '0';
  for (const value of values.value as readonly Parameter[]) {
    const one = sql({ ...values, value, cast: element });
    position = `array_position(${list}, ${one}, coalesce(${position}, 2147483646) + 1)`;
  }
  return `${position} IS NOT NULL`;
}

const templates: Readonly<Record<FunctionName, Template>> = {
  contains: matching(
    pattern => `%${pattern}%`,
    (a, b) => `strpos(${a}, ${b}) > 0`,
  ),
  startsWith: matching(
    pattern => `${pattern}%`,
    (a, b) => `starts_with(${a}, ${b})`,
  ),
  endsWith: matching(
    pattern => `%${pattern}`,
    (a, b) => `starts_with(reverse(${a}), reverse(${b}))`,
  ),
  matchesPattern: simple((a, pattern) => `${a} ~ ${pattern}`),
  lower: simple(a => `lower(${a})`),
  upper: simple(a => `upper(${a})`),
  trim: simple(a => `btrim(${a}, E' \\t\\n\\r')`),
  length: simple(a => `length(${a})`),
  indexOf: simple((a, b) => `(strpos(${a}, ${b}) - 1)`),
  substring: ([text, start, length], sql) => substring(sql(text!), start!, length, sql),
  concat: simple((a, b) => `(${a} || ${b})`),
  year: part('year'),
  quarter: part('quarter'),
  month: part('month'),
  day: part('day'),
  hour: part('hour'),
  minute: part('minute'),
  second: part('second'),
  fractionalSeconds: simple(a => `(extract(second from ${a}) % 1)`),
  totalSeconds: simple(a => `extract(epoch from ${a})`),
  totalOffsetMinutes: simple(a => `(extract(timezone from ${a}::timestamptz) / 60)::integer`),
  date: simple(a => `(${a})::date`),
  time: simple(a => `(${a})::time`),
  now: () => 'now()',
  minDateTime: () => `'0001-01-01T00:00:00Z'::timestamptz`,
  maxDateTime: () => `'9999-12-31T23:59:59.999Z'::timestamptz`,
  add: sumOr('+'),
  sub: sumOr('-'),
  mul: arithmetic('*'),
  div: (args, sql) =>
    args.some(arg => typeOf(arg).scalar === 'Float') && args.every(isNumber)
      ? quotient(args, arg => `${sql(arg)}::double precision`)
      : arithmetic('/')(args, sql),
  divby: (args, sql) => quotient(args, arg => exact(arg, sql)),
  mod: ([a, b], sql) =>
    `(${typeOf(a!).scalar === 'Float' ? `${sql(a!)}::numeric` : wide(a!, sql)} % ${typeOf(b!).scalar === 'Float' ? `${sql(b!)}::numeric` : wide(b!, sql)})`,
  negate: ([a], sql) => `(- ${wide(a!, sql)})`,
  // In double precision, PostgreSQL rounds half to even.
  round: ([a], sql) =>
    typeOf(a!).scalar === 'Float'
      ? `round(${sql(a!)}::numeric)::double precision`
      : `round(${exact(a!, sql)})`,
  floor: ([a], sql) => `floor(${exact(a!, sql)})`,
  ceiling: ([a], sql) => `ceil(${exact(a!, sql)})`,
  isEmpty: simple(a => `coalesce(cardinality(${a}), 0) = 0`),
  hasEvery: simple((a, b) => `${a} @> ${b}`),
  hasSubsequence: ([list, values], sql) => subsequence(sql(list!), values as BoundValue, sql),
  hasSome: simple((a, b) => `${a} && ${b}`),
};

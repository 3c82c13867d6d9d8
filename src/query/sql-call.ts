// Functions -> SQL.

import { type BoundCall, type TypedBound, typeOf } from './bound.ts';
import type { FunctionName } from './expression.ts';

type Sql = (arg: TypedBound) => string;
type Template = (args: readonly TypedBound[], sql: Sql) => string;

/** @param sql gives the SQL of an argument */
export const callSql = (call: BoundCall, sql: Sql): string => templates[call.name](call.args, sql);

const simple =
  (write: (...args: string[]) => string): Template =>
  (args, sql) =>
    write(...args.map(sql));

/** Whole numbers are widened first: see check-call.ts. */
const arithmetic =
  (operator: string): Template =>
  (args, sql) =>
    `(${args.map(arg => wide(arg, sql)).join(` ${operator} `)})`;

const wide = (arg: TypedBound, sql: Sql): string =>
  typeOf(arg).scalar === 'Int' ? `${sql(arg)}::bigint` : sql(arg);

const part = (name: string) => simple(a => `floor(extract(${name} from ${a}))::integer`);

/** Literal patterns go through LIKE, which an index can serve; every character in them means itself. */
const matching =
  (like: (escaped: string) => string, otherwise: (a: string, b: string) => string): Template =>
  ([text, pattern], sql) => {
    if (pattern!.kind !== 'value') return otherwise(sql(text!), sql(pattern!));
    const escaped = String(pattern!.value).replaceAll(/[\\%_]/g, '\\$&');
    return `${sql(text!)} LIKE ${sql({ ...pattern!, value: like(escaped), cast: 'text' })}`;
  };

const exact = (arg: TypedBound, sql: Sql): string =>
  typeOf(arg).scalar === 'Float' ? sql(arg) : `${sql(arg)}::numeric`;

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
    (a, b) => `right(${a}, length(${b})) = ${b}`,
  ),
  lower: simple(a => `lower(${a})`),
  upper: simple(a => `upper(${a})`),
  trim: simple(a => `btrim(${a}, E' \\t\\n\\r')`),
  length: simple(a => `length(${a})`),
  indexOf: simple((a, b) => `(strpos(${a}, ${b}) - 1)`),
  substring: simple((a, start, length) =>
    length === undefined
      ? `substr(${a}, greatest(${start}, 0)::integer + 1)`
      : `substr(${a}, greatest(${start}, 0)::integer + 1, greatest(${length}, 0)::integer)`,
  ),
  concat: simple((a, b) => `(${a} || ${b})`),
  year: part('year'),
  quarter: part('quarter'),
  month: part('month'),
  day: part('day'),
  hour: part('hour'),
  minute: part('minute'),
  second: part('second'),
  date: simple(a => `(${a})::date`),
  time: simple(a => `(${a})::time`),
  now: () => 'now()',
  add: arithmetic('+'),
  sub: arithmetic('-'),
  mul: arithmetic('*'),
  div: arithmetic('/'),
  divby: ([a, b], sql) => `(${exact(a!, sql)} / ${exact(b!, sql)})`,
  mod: ([a, b], sql) =>
    `(${typeOf(a!).scalar === 'Float' ? `${sql(a!)}::numeric` : wide(a!, sql)} % ${typeOf(b!).scalar === 'Float' ? `${sql(b!)}::numeric` : wide(b!, sql)})`,
  negate: ([a], sql) => `(- ${wide(a!, sql)})`,
  round: ([a], sql) => `round(${exact(a!, sql)})`,
  floor: ([a], sql) => `floor(${exact(a!, sql)})`,
  ceiling: ([a], sql) => `ceil(${exact(a!, sql)})`,
  isEmpty: simple(a => `coalesce(cardinality(${a}), 0) = 0`),
  hasEvery: simple((a, b) => `${a} @> ${b}`),
  hasSome: simple((a, b) => `${a} && ${b}`),
};

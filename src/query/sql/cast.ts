// Casts -> SQL. A value that cannot be converted becomes null.

import { uuidSource } from '../../base/uuid.ts';
import type { Scalar } from '../../catalog/catalog.ts';
import { type BoundCast, typeOf } from '../bound/expression.ts';
import { plainText } from './output.ts';
import { once } from './text.ts';

/** @param value the SQL of the value to cast */
export function castSql({ item, type }: BoundCast, value: string): string {
  const from = typeOf(item);
  if (type.scalar === 'String') return `(${textOf(plainText(from, value), from.scalar)})`;
  const isValid = validity(from.scalar, type.scalar);
  const converted = conversion(from.scalar, type.scalar, 'c.v', type.sqlType);
  if (!isValid) return `(${conversion(from.scalar, type.scalar, value, type.sqlType)})`;
  return `(SELECT CASE WHEN ${isValid} THEN ${converted} END FROM ${once(`${value} AS v`)} c)`;
}

function textOf(sql: string, scalar: Scalar): string {
  if (scalar === 'Float' || scalar === 'Decimal') return `replace((${sql})::text, 'Infinity', 'INF')`;
  if (scalar === 'Bytes') return `translate(${sql}, '+/=', '-_')`;
  return `(${sql})::text`;
}

/** The number of digits is limited, so that every match is a valid numeric. */
const numberText = `c.v ~ '^[+-]?[0-9]{1,100}([.][0-9]{1,100})?$'`;
const bounds: Partial<Record<Scalar, string>> = {
  Int: 'BETWEEN -2147483648 AND 2147483647',
  BigInt: 'BETWEEN -9223372036854775808 AND 9223372036854775807',
};

/** @returns the condition under which `c.v` can be converted; undefined if it always can */
function validity(from: Scalar, to: Scalar): string | undefined {
  const within = bounds[to];
  if (from === 'String') return ofText(to, within);
  if (from === 'Int' || to === 'Float' || !numbers.has(to)) return undefined;
  if (!within) return from === 'Float' ? `c.v::text NOT IN ('NaN', 'Infinity', '-Infinity')` : undefined;
  return `trunc(c.v::numeric) ${within}`;
}

const numbers: ReadonlySet<Scalar> = new Set(['Int', 'BigInt', 'Decimal', 'Float']);

function ofText(to: Scalar, within: string | undefined): string {
  if (to === 'Boolean') return `c.v IN ('true', 'false')`;
  if (to === 'Uuid') return `c.v ~* '^${uuidSource}$'`;
  return within ? `CASE WHEN ${numberText} THEN trunc(c.v::numeric) ${within} END` : numberText;
}

function conversion(from: Scalar, to: Scalar, value: string, sqlType: string): string {
  if (!bounds[to]) return `(${value})::${sqlType}`;
  return from === 'Int' ? `(${value})::${sqlType}` : `trunc((${value})::numeric)::${sqlType}`;
}

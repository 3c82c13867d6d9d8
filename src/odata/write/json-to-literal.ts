// Values of bodies (OData JSON Format 4.01, 7.1) -> literals of the query engine.

import { numberText } from '../../base/exact-json.ts';
import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import { type Literal, type LiteralValue, literal } from '../../query/ask/expression.ts';
import { enumValueByNumber } from '../translate/to-literal.ts';

/** Numbers that may come as strings, regardless of `IEEE754Compatible`: JavaScript numbers cannot represent them. */
const asStrings: ReadonlySet<Scalar> = new Set(['BigInt', 'Decimal']);
const numbers: ReadonlySet<Scalar> = new Set(['Int', 'BigInt', 'Decimal', 'Float']);
const namedNumbers: ReadonlySet<unknown> = new Set(['INF', '-INF', 'NaN']);

/** @returns a literal that the query engine checks against the column's type */
export function jsonToLiteral(type: ValueType, value: unknown): Literal {
  if (value === null) return literal(null);
  if (type.scalar === 'Json' && !type.list) return literal({ json: value });
  const converted = Array.isArray(value) ? value.map(item => scalarOf(type, item)) : scalarOf(type, value);
  return literal(converted, typeOf(type.scalar, value));
}

function scalarOf(type: ValueType, value: unknown): LiteralValue {
  if (type.enum && typeof value === 'string') return enumValueByNumber(type.enum, value) ?? value;
  if (numbers.has(type.scalar)) return numberText(value) ?? (value as LiteralValue);
  const text = numberText(value);
  return text === undefined ? (value as LiteralValue) : Number(text);
}

/** Strings are not read as numbers or booleans. */
function typeOf(scalar: Scalar, value: unknown): Scalar | undefined {
  const isText = typeof value === 'string' || (Array.isArray(value) && value.some(isString));
  if (!isText || asStrings.has(scalar) || (scalar === 'Float' && namedNumbers.has(value))) return undefined;
  return 'String';
}

const isString = (value: unknown): value is string => typeof value === 'string';

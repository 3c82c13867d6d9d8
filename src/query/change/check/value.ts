// A literal -> a value in PostgreSQL's text format that the column stores unchanged, or a validation error.

import { Fault } from '../../../base/errors.ts';
import type { ColumnField } from '../../../catalog/catalog.ts';
import { arrayLiteral } from '../../ask/array-literal.ts';
import type { Literal, LiteralValue } from '../../ask/expression.ts';
import { bindLiteral } from '../../check/literal.ts';
import type { ChangeFaultCode } from '../refusal/fault.ts';

export interface ValueFault {
  readonly code: ChangeFaultCode;
  readonly message: string;
  readonly hint?: string;
}

/** @returns the text, null for null, or an error: wrong type, null, out of range, too long */
export function changeValue(column: ColumnField, literal: Literal): string | null | ValueFault {
  const { value } = literal;
  const { type } = column;
  if (value === null) {
    if (column.nullable && !type.list) return null;
    return refused(
      'REQUIRED',
      type.list ? 'A list cannot be null. Write [].' : 'A value is required, not null.',
    );
  }
  if (!type.list) return scalarText(column, literal);
  const items = Array.isArray(value) ? (value as readonly LiteralValue[]) : [value];
  const texts: string[] = [];
  for (const item of items) {
    if (item === null) return refused('REQUIRED', 'The values of a list cannot be null.');
    const text = scalarText({ ...column, type: { ...type, list: false } }, { ...literal, value: item });
    if (typeof text !== 'string') return text;
    texts.push(text);
  }
  return arrayLiteral(texts);
}

const refused = (code: ChangeFaultCode, message: string, hint?: string): ValueFault => ({
  code,
  message,
  hint,
});

function scalarText(column: ColumnField, literal: Literal): string | ValueFault {
  try {
    const bound = bindLiteral(literal, column.type);
    if (bound.kind === 'unstorable')
      return refused('INVALID_VALUE', 'Text with NUL or half a surrogate pair cannot be stored.');
    return bounded(column, String(bound.value));
  } catch (error) {
    if (error instanceof Fault) return refused('INVALID_VALUE', error.message, error.hint);
    throw error;
  }
}

function bounded(column: ColumnField, text: string): string | ValueFault {
  switch (column.type.scalar) {
    case 'String':
      return boundedText(column, text);
    case 'Int':
    case 'BigInt':
      return boundedInteger(column, text);
    case 'Decimal':
      return boundedDecimal(column, text);
    case 'Float':
      return boundedFloat(column, text);
    case 'Json':
      return loneSurrogate.test(text)
        ? refused('INVALID_VALUE', 'JSON with half a surrogate pair cannot be stored.')
        : text;
    default:
      return text;
  }
}

/** `JSON.stringify` writes surrogate pairs as they are, and escapes lone surrogates. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;

function boundedText({ maxLength }: ColumnField, text: string): string | ValueFault {
  if (maxLength === undefined || text.length <= maxLength) return text;
  let length = 0;
  for (const _ of text) length++;
  return length <= maxLength
    ? text
    : refused('TOO_LONG', `The text has ${length} characters; at most ${maxLength} are allowed.`);
}

const integerBits: Readonly<Record<string, bigint>> = { smallint: 16n, integer: 32n, bigint: 64n };

function boundedInteger({ type }: ColumnField, text: string): string | ValueFault {
  if (!/^[+-]?\d+$/.test(text)) return refused('INVALID_VALUE', `${text} is not a whole number.`);
  const bits = integerBits[type.sqlType] ?? 64n;
  const min = -(2n ** (bits - 1n));
  const max = 2n ** (bits - 1n) - 1n;
  const value = BigInt(text.replace('+', ''));
  return value < min || value > max
    ? refused('OUT_OF_RANGE', `The number must be between ${min} and ${max}.`)
    : String(value);
}

/** A value is never rounded silently. */
function boundedDecimal({ precision, scale }: ColumnField, text: string): string | ValueFault {
  const [, digits = '', fraction = '', exponent = '0'] =
    /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const all = digits + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) return text;
  const before = digits.length + Number(exponent);
  const after = all.replace(/0+$/, '').length - before;
  if (scale !== undefined && after > scale)
    return refused('OUT_OF_RANGE', `At most ${scale} digits may stand after the decimal point.`);
  const whole = precision === undefined ? undefined : precision - (scale ?? 0);
  if (whole !== undefined && before - first > whole)
    return refused('OUT_OF_RANGE', `At most ${whole} digits may stand before the decimal point.`);
  return text;
}

/** Rejects values that the column would turn into zero or infinity. */
function boundedFloat({ type }: ColumnField, text: string): string | ValueFault {
  if (/[a-z]/i.test(text.replace(/e/i, ''))) return text;
  const value = type.sqlType === 'real' ? Math.fround(Number(text)) : Number(text);
  const vanished = value === 0 && /[1-9]/.test(text.replace(/e.*/i, ''));
  return Number.isFinite(value) && !vanished
    ? text
    : refused('OUT_OF_RANGE', 'The number is too large or too small for its column.');
}

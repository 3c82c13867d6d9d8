// Literals: the caller's value -> a parameter of the expected type, or an error.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import { isUuid } from '../../base/uuid.ts';
import type { EnumType, Scalar, ValueType } from '../../catalog/catalog.ts';
import type { Literal, LiteralValue } from '../ask/expression.ts';
import { toDate, toDateTime, toDuration, toTime } from '../ask/temporal.ts';
import type { BoundUnstorable, BoundValue } from '../bound/expression.ts';

/** @returns the literal as a value of this type @throws INVALID_VALUE */
export function bindLiteral(literal: Literal, type: ValueType): BoundValue | BoundUnstorable {
  if (type.list) return bindList(literal, type);
  if (type.scalar === 'String') return bindText(literal, type);
  const [value, cast] = scalarValue(literal, type);
  return { kind: 'value', value, cast, type, nullable: false };
}

/** As `bindLiteral`, and keeps the slot name if the literal has one. */
export function bindSlot(literal: Literal, type: ValueType): BoundValue | BoundUnstorable {
  const bound = bindLiteral(literal, type);
  if (literal.slot === undefined || bound.kind !== 'value') return bound;
  return { ...bound, slot: { name: literal.slot, literal, type } };
}

/** @returns the literal, as a Boolean if it is untyped text that says true or false */
export function readBoolean(literal: Literal, type: ValueType): Literal {
  const { value } = literal;
  const isRead = type.scalar === 'Boolean' && literal.type === undefined;
  return isRead && (value === 'true' || value === 'false')
    ? { ...literal, value: value === 'true' }
    : literal;
}

/** @returns parameters for an `in` list, and the type to cast its elements to */
export function bindItems(list: readonly Literal[], type: ValueType): { values: string[]; cast: string } {
  const values: string[] = [];
  let cast = type.scalar === 'Int' || type.scalar === 'BigInt' ? 'integer' : undefined;
  for (const literal of list) {
    const bound = bindLiteral(readBoolean(literal, type), type);
    if (bound.kind === 'unstorable') continue;
    values.push(String(bound.value));
    cast = cast === undefined ? bound.cast : widerNumber(cast, bound.cast);
  }
  return { values, cast: cast ?? type.sqlType };
}

const numberCasts = ['integer', 'bigint', 'numeric'];
const widerNumber = (a: string, b: string): string =>
  numberCasts.indexOf(a) >= numberCasts.indexOf(b) ? a : b;

/** @returns the type of a literal without an expected type */
export function literalType(literal: Literal): ValueType {
  const scalar = literal.type ?? scalarOf(literal.value);
  const sqlTypes: Partial<Record<Scalar, string>> = {
    Boolean: 'boolean',
    Int: 'integer',
    BigInt: 'bigint',
    Decimal: 'numeric',
    Float: 'double precision',
    Uuid: 'uuid',
    DateTime: 'timestamptz',
    Date: 'date',
    Time: 'time',
    Duration: 'interval',
    Bytes: 'bytea',
    Json: 'jsonb',
  };
  return { scalar, list: false, sqlType: sqlTypes[scalar] ?? 'text' };
}

function scalarOf(value: LiteralValue): Scalar {
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'bigint') return 'BigInt';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Int' : 'Float';
  return 'String';
}

/** PostgreSQL text cannot contain NUL characters or unpaired surrogates. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

function bindText(literal: Literal, type: ValueType): BoundValue | BoundUnstorable {
  const { value } = literal;
  if (typeof value !== 'string') throw wrongType(literal, 'text');
  if (isStorable(value)) return { kind: 'value', value, cast: type.sqlType, type, nullable: false };
  const [beforeNul] = value.split('\0', 1) as [string];
  return { kind: 'unstorable', below: beforeNul.toWellFormed(), type, nullable: false };
}

function bindList(literal: Literal, type: ValueType): BoundValue {
  const items = Array.isArray(literal.value) ? (literal.value as readonly LiteralValue[]) : [literal.value];
  const element: ValueType = { ...type, list: false };
  const values = items.map(value => {
    const bound = bindLiteral({ ...literal, value }, element);
    if (bound.kind === 'unstorable')
      throw invalid(
        literal,
        'Text with a NUL character or an unpaired surrogate cannot be stored in a list.',
      );
    return String(bound.value);
  });
  return { kind: 'value', value: values, cast: `${type.sqlType}[]`, type, nullable: false };
}

/** @returns the parameter and the type to cast it to */
function scalarValue(literal: Literal, type: ValueType): [string | boolean, string] {
  const { value } = literal;
  switch (type.scalar) {
    case 'Int':
    case 'BigInt':
    case 'Decimal':
    case 'Float':
      return numberValue(literal, type);
    case 'Boolean':
      if (typeof value !== 'boolean') throw wrongType(literal, 'true or false');
      return [value, 'boolean'];
    case 'Json':
      return [jsonText(literal), 'jsonb'];
    default:
      if (typeof value !== 'string') throw wrongType(literal, expectations[type.scalar] ?? 'text');
      return [textualValue(literal, value, type), type.sqlType];
  }
}

const expectations: Partial<Record<Scalar, string>> = {
  DateTime: 'a date and time such as 2026-01-31T12:00:00Z',
  Date: 'a date such as 2026-01-31',
  Time: 'a time such as 08:30:00',
  Duration: 'a duration such as P1DT2H30M',
  Uuid: 'a UUID such as 3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10',
  Bytes: 'bytes in base64',
  Enum: 'the name of an enum value',
};

function textualValue(literal: Literal, value: string, type: ValueType): string {
  const converted = convert(value, type, literal);
  if (converted === undefined) throw wrongType(literal, expectations[type.scalar]!);
  return converted;
}

function convert(value: string, type: ValueType, literal: Literal): string | undefined {
  switch (type.scalar) {
    case 'DateTime':
      return toDateTime(value);
    case 'Date':
      return toDate(value);
    case 'Time':
      return toTime(value);
    case 'Duration':
      return toDuration(value);
    case 'Uuid':
      return isUuid(value) ? value.toLowerCase() : undefined;
    case 'Bytes':
      return bytesText(value);
    default:
      return enumText(value, type.enum!, literal);
  }
}

function enumText(value: string, type: EnumType, literal: Literal): string {
  const known = type.values.find(other => other.name === value);
  if (known) return known.stored;
  const names = type.values.map(other => other.name);
  throw fault('INVALID_VALUE', `${quoted(value)} is not a value of ${type.name}.`, {
    hint: didYouMean(value, names) ?? `Its values are ${names.join(', ')}.`,
    at: literal.at,
  });
}

function bytesText(value: string): string | undefined {
  if (!/^[\w+/-]*={0,2}$/.test(value)) return undefined;
  return `\\x${Buffer.from(value, 'base64').toString('hex')}`;
}

function jsonText(literal: Literal): string {
  const { value } = literal;
  const isJson = typeof value === 'object' && value !== null && 'json' in value;
  const text = JSON.stringify(isJson ? value.json : value, (_, part) =>
    typeof part === 'bigint' ? Number(part) : part,
  );
  if (text.includes('\\u0000')) throw invalid(literal, 'JSON with the NUL character cannot be stored.');
  return text;
}

const numberShape = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const digitsMax = 1000;
const specialNumbers: Readonly<Record<string, string>> = { INF: 'Infinity', '-INF': '-Infinity', NaN: 'NaN' };

function numberValue(literal: Literal, type: ValueType): [string, string] {
  const { value } = literal;
  const isText = typeof value === 'string' && literal.type !== 'String';
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || isText;
  const text = isNumber ? String(value) : '';
  // PostgreSQL's numeric also has infinities and NaN.
  if (specialNumbers[text] && (type.scalar === 'Float' || literal.type === 'Float'))
    return [specialNumbers[text], type.scalar === 'Float' ? type.sqlType : 'numeric'];
  if (!numberShape.test(text) || text.length > digitsMax) throw wrongType(literal, 'a number');
  if (type.scalar === 'Float') return [text, type.sqlType];
  return [text, type.scalar === 'Decimal' ? 'numeric' : integerCast(text)];
}

/** Integers are cast to the narrowest type that fits, since an index on an integer column cannot serve numeric. */
function integerCast(text: string): string {
  if (!/^[+-]?\d{1,19}$/.test(text)) return 'numeric';
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(32, value) === value) return 'integer';
  return BigInt.asIntN(64, value) === value ? 'bigint' : 'numeric';
}

const wrongType = (literal: Literal, expected: string) =>
  invalid(literal, `${quoted(literal.value)} is not ${expected}.`);

const invalid = (literal: Literal, message: string) => fault('INVALID_VALUE', message, { at: literal.at });

const shownMax = 60;
function quoted(value: LiteralValue): string {
  const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null';
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

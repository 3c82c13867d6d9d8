// Selected values -> SQL: as raw text if the row's JSON is written by the server, or as JSON text if the database builds it.

import type { FunctionField, Scalar, ValueType } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import { constant } from './text.ts';

/** How the text of a raw column is written to JSON. */
export type RawKind =
  /** As is: integers, JSON. */
  | 'verbatim'
  /** As is, but NaN and infinities as strings. */
  | 'number'
  /** The same, with OData's INF for infinity. */
  | 'odataNumber'
  /** `t` and `f`. */
  | 'boolean'
  /** In quotes, without escaping: dates, UUIDs, base64. */
  | 'quoted'
  /** In quotes, escaped. */
  | 'text'
  /** A version as a weak entity tag (RFC 9110, 8.8.3). */
  | 'entityTag';

/** @returns the expression to select, and how its text is written to JSON */
export function rawOutput(
  type: ValueType,
  sql: string,
  format: OutputFormat,
): { sql: string; kind: RawKind } {
  if (type.list) return { sql: listJson(type, sql, format), kind: 'verbatim' };
  return { sql: rawText(type, sql, format), kind: rawKind(type, format) };
}

function rawKind({ scalar }: ValueType, format: OutputFormat): RawKind {
  switch (scalar) {
    case 'Int':
    case 'Json':
      return 'verbatim';
    case 'BigInt':
      return writesStrings(format) ? 'quoted' : 'verbatim';
    case 'Decimal':
      return writesStrings(format) ? 'quoted' : rawNumber(format);
    case 'Float':
      return rawNumber(format);
    case 'Boolean':
      return 'boolean';
    case 'String':
    case 'Enum':
      return 'text';
    default:
      return 'quoted';
  }
}

const rawNumber = (format: OutputFormat) => (isOdata(format) ? 'odataNumber' : 'number');

const writesStrings = (format: OutputFormat): boolean => format.endsWith('strings');
export const isOdata = (format: OutputFormat): boolean => format.startsWith('odata');
const isExact = (format: OutputFormat): boolean => format.startsWith('exact');

/** As `plainText`; for OData, with bytes in base64url (RFC 4648, section 5) and INF in quoted decimals. */
function rawText(type: ValueType, sql: string, format: OutputFormat): string {
  if (isExact(format) && type.scalar === 'DateTime') return exactDateTimeText(sql);
  if (!isOdata(format)) return plainText(type, sql);
  if (type.scalar === 'Bytes') return `translate(encode(${sql}, 'base64'), E'+/=\\n', '-_')`;
  if (type.scalar === 'Decimal' && writesStrings(format)) return odataNumbers(`${sql}::text`);
  return plainText(type, sql);
}

/** @param text SQL of text that contains only numbers, so that Infinity cannot be part of anything else */
const odataNumbers = (text: string): string => `replace(${text}, 'Infinity', 'INF')`;

/** @returns an expression whose text is the value as callers see it, before any quoting */
export function plainText({ scalar, enum: enumType }: ValueType, sql: string): string {
  switch (scalar) {
    case 'DateTime':
      return dateTimeText(sql);
    case 'Duration':
      return `regexp_replace(trim_scale(extract(epoch from ${sql}))::text, '^(-?)(.*)$', '\\1PT\\2S')`;
    case 'Bytes':
      return `translate(encode(${sql}, 'base64'), E'\\n', '')`;
    case 'Enum': {
      if (enumType!.values.every(value => value.name === value.stored)) return sql;
      const cases = enumType!.values.map(
        value => `WHEN ${constant(value.stored)} THEN ${constant(value.name)}`,
      );
      return `(CASE ${sql}::text ${cases.join(' ')} END)`;
    }
    default:
      return sql;
  }
}

/** Sessions run in UTC, so both timestamp types are written in UTC. */
const dateTimeText = (sql: string): string => `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** With microseconds where there are any. */
const exactDateTimeText = (sql: string): string =>
  `regexp_replace(to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '000Z$', 'Z')`;

/** @returns an expression of type text, the value as JSON. Never null, since concatenation would make the whole record null. */
export function jsonOutput(type: ValueType, sql: string, format: OutputFormat): string {
  return type.list ? listJson(type, sql, format) : `coalesce(${scalarJson(type, sql, format)}, 'null')`;
}

function scalarJson(type: ValueType, sql: string, format: OutputFormat): string {
  switch (rawKind(type, format)) {
    case 'quoted':
      return `'"' || ${rawText(type, sql, format)}::text || '"'`;
    case 'number':
      return `to_json(${sql})::text`;
    case 'odataNumber':
      return odataNumbers(`to_json(${sql})::text`);
    case 'text':
      return `to_json(${plainText(type, sql)}::text)::text`;
    default:
      return `${sql}::text`;
  }
}

/** Prisma creates list columns without NOT NULL; a null list is written as empty. */
function listJson(type: ValueType, sql: string, format: OutputFormat): string {
  const element: ValueType = { ...type, list: false };
  const asText = rawText(element, 'e.value', format);
  const strings = type.scalar === 'Enum' || (writesStrings(format) && wideNumbers.has(type.scalar));
  const list = asText === 'e.value' ? sql : `ARRAY(SELECT ${asText} FROM unnest(${sql}) AS e(value))`;
  const json = `to_json(${list}${strings ? '::text[]' : ''})::text`;
  const isNumber = rawKind(element, format) === 'odataNumber';
  return `coalesce(${isNumber ? odataNumbers(json) : json}, '[]')`;
}

const wideNumbers: ReadonlySet<Scalar> = new Set(['Decimal', 'BigInt']);

/** @returns an expression of type text: a JSON array of the texts of the columns that a function field needs */
export function needsOutput(
  field: FunctionField,
  column: (name: string) => { type: ValueType; sql: string },
): string {
  const texts = field.needs.map(name => {
    const { type, sql } = column(name);
    return type.list ? `to_json(${sql})::text` : `${plainText(type, sql)}::text`;
  });
  return `json_build_array(${texts.join(', ')})::text`;
}

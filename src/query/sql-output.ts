// Selected values -> SQL: as raw text for rows that we write out here, or as JSON text for what the database builds.

import type { FunctionField, Scalar, ValueType } from '../catalog/catalog.ts';
import type { NumberFormat } from './engine.ts';
import { constant } from './sql-text.ts';

/** How the text of a raw column is written into JSON. */
export type RawKind =
  /** As it is: whole numbers, JSON. */
  | 'verbatim'
  /** As it is, but NaN and infinities as strings. */
  | 'number'
  /** `t` and `f`. */
  | 'boolean'
  /** In quotes, nothing in it needs escaping: dates, UUIDs, base64. */
  | 'quoted'
  /** In quotes, escaped. */
  | 'text';

/** @returns the expression to select, and how its text is written */
export function rawOutput(
  type: ValueType,
  sql: string,
  format: NumberFormat,
): { sql: string; kind: RawKind } {
  if (type.list) return { sql: listJson(type, sql, format), kind: 'verbatim' };
  return { sql: plainText(type, sql), kind: rawKind(type, format) };
}

function rawKind({ scalar }: ValueType, format: NumberFormat): RawKind {
  switch (scalar) {
    case 'Int':
    case 'Json':
      return 'verbatim';
    case 'BigInt':
      return format === 'strings' ? 'quoted' : 'verbatim';
    case 'Decimal':
      return format === 'strings' ? 'quoted' : 'number';
    case 'Float':
      return 'number';
    case 'Boolean':
      return 'boolean';
    case 'String':
    case 'Enum':
      return 'text';
    default:
      return 'quoted';
  }
}

/** @returns an expression whose text is the value as callers see it, before any quoting */
export function plainText({ scalar, enum: enumType }: ValueType, sql: string): string {
  switch (scalar) {
    case 'DateTime':
      return dateTimeText(sql);
    case 'Bytes':
      return `translate(encode(${sql}, 'base64'), E'\\n', '')`;
    case 'Enum': {
      const renamed = enumType!.values.filter(value => value.name !== value.stored);
      if (renamed.length === 0) return sql;
      const cases = renamed.map(value => `WHEN ${constant(value.stored)} THEN ${constant(value.name)}`);
      return `(CASE ${sql}::text ${cases.join(' ')} ELSE ${sql}::text END)`;
    }
    default:
      return sql;
  }
}

/** Sessions run in UTC, so both kinds of timestamp come out in UTC. */
const dateTimeText = (sql: string): string => `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** @returns an expression of type text, never null: the value as JSON. A null would make the whole record vanish. */
export function jsonOutput(type: ValueType, sql: string, format: NumberFormat): string {
  return type.list ? listJson(type, sql, format) : `coalesce(${scalarJson(type, sql, format)}, 'null')`;
}

function scalarJson(type: ValueType, sql: string, format: NumberFormat): string {
  switch (rawKind(type, format)) {
    case 'quoted':
      return `'"' || ${plainText(type, sql)}::text || '"'`;
    case 'number':
      return `to_json(${sql})::text`;
    case 'text':
      return `to_json(${plainText(type, sql)}::text)::text`;
    default:
      return `${sql}::text`;
  }
}

/** Lists are created without NOT NULL; a missing one is an empty one. */
function listJson(type: ValueType, sql: string, format: NumberFormat): string {
  const element: ValueType = { ...type, list: false };
  const asText = plainText(element, 'e.value');
  const strings = type.scalar === 'Enum' || (format === 'strings' && wideNumbers.has(type.scalar));
  const list = asText === 'e.value' ? sql : `ARRAY(SELECT ${asText} FROM unnest(${sql}) AS e(value))`;
  return `coalesce(to_json(${list}${strings ? '::text[]' : ''})::text, '[]')`;
}

const wideNumbers: ReadonlySet<Scalar> = new Set(['Decimal', 'BigInt']);

/** @returns an expression of type text: a JSON array of the needed columns' texts, for a function to compute from */
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

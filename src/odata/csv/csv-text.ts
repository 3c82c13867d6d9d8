// Lines of CSV (RFC 4180). The import API can read them back.

import { numberText } from '../../base/exact-json.ts';
import type { CsvColumn } from './csv-columns.ts';

export const csvHeader = (columns: readonly CsvColumn[]): string =>
  line(columns.map(({ name }) => quoted(name)));

/** @param rows as the query engine returns them, parsed from JSON */
export function csvLines(columns: readonly CsvColumn[], rows: readonly unknown[]): string {
  let text = '';
  for (const row of rows) text += line(columns.map(column => cell(valueAt(row, column.path), column.holds)));
  return text;
}

const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;

function valueAt(row: unknown, path: readonly string[]): unknown {
  let value = row;
  for (const name of path) value = (value as Readonly<Record<string, unknown>> | null)?.[name];
  return value;
}

function cell(value: unknown, holds: CsvColumn['holds']): string {
  if (value === null || value === undefined) return '';
  if (holds === 'json') return quoted(JSON.stringify(value));
  if (typeof value === 'string') return quoted(harmless(value));
  if (typeof value === 'boolean') return String(value);
  const number = numberText(value);
  if (number !== undefined) return number;
  return quoted(holds === 'lists' && Array.isArray(value) ? listText(value) : JSON.stringify(value));
}

/** `a|b`, or JSON when that would not be read back as the same list. */
function listText(items: readonly unknown[]): string {
  const texts = items.map(item => (typeof item === 'string' ? item : (numberText(item) ?? String(item))));
  const isPlain = texts.length > 0 && texts.every(text => /^[^|[\s]([^|]*[^|\s])?$/.test(text));
  return isPlain ? harmless(texts.join('|')) : JSON.stringify(items);
}

/** Spreadsheets read text that starts like this as a formula, unless all of it is a number. */
const formula = /^[=+\-@\t\r\n]/;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A leading apostrophe makes a spreadsheet show a formula instead of computing it. https://owasp.org/www-community/attacks/CSV_Injection */
const harmless = (text: string): string => (formula.test(text) && !number.test(text) ? `'${text}` : text);

/** Empty text is quoted to distinguish it from a missing value. */
const quoted = (text: string): string =>
  text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

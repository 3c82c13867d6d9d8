// Text, and what is written as text: booleans, UUIDs, enums, JSON, bytes.

import { didYouMean } from '../../base/near-name.ts';
import { nestedDeeperThan } from '../../base/nesting.ts';
import type { ColumnField, EnumType } from '../../catalog/catalog.ts';
import { type CellFault, type Converter, cellFault, invalid } from './cell-fault.ts';

/** @returns the converter of a text column: the cell unchanged, spaces included, up to its length in characters */
export function textConverter({ maxLength = Number.POSITIVE_INFINITY }: ColumnField): Converter {
  return cell => {
    if (cell.includes('\0')) return invalid('Text must not contain the character NUL.');
    // Characters count, as PostgreSQL counts them; UTF-16 units are at least as many, and at most twice as many.
    const tooLong = cell.length > maxLength && (cell.length > 2 * maxLength || [...cell].length > maxLength);
    return tooLong ? cellFault('TOO_LONG', `At most ${maxLength} characters fit.`) : cell;
  };
}

const booleans = new Map([
  ...['true', 'yes', '1'].map(word => [word, 'true'] as const),
  ...['false', 'no', '0'].map(word => [word, 'false'] as const),
]);

export const booleanConverter: Converter = cell =>
  booleans.get(cell.trim().toLowerCase()) ??
  invalid('Not a truth value. Write true or false, yes or no, 1 or 0.');

const uuidShape = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

export const uuidConverter: Converter = cell => {
  const text = cell.trim();
  return uuidShape.test(text)
    ? text
        .replaceAll('-', '')
        .toLowerCase()
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    : invalid('Not a UUID such as 3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10.');
};

/** @returns the converter of an enum: by the name or the stored form of a value, in any case */
export function enumConverter({ values }: EnumType): Converter {
  const byName = new Map(
    values.flatMap(value => [value.stored, value.name].map(name => [name, value.stored])),
  );
  const byLowerName = new Map([...byName].reverse().map(([name, stored]) => [name.toLowerCase(), stored]));
  const names = values.map(value => value.name);
  return cell => {
    const text = cell.trim();
    const stored = byName.get(text) ?? byLowerName.get(text.toLowerCase());
    if (stored !== undefined) return stored;
    const hint = didYouMean(text, names) ?? `Its values are ${names.join(', ')}.`;
    return cellFault('UNKNOWN_VALUE', `There is no such value. ${hint}`);
  };
}

/** As many as the other APIs take. */
const jsonLevelsMax = 100;

/** @returns JSON as it is written, digits and all */
export const jsonConverter: Converter = cell => {
  let value: unknown;
  try {
    value = JSON.parse(cell);
  } catch {
    return invalid('Not JSON. Text needs quotation marks, within CSV doubled: """red""".');
  }
  if (nestedDeeperThan(value, jsonLevelsMax)) {
    return cellFault(
      'OUT_OF_RANGE',
      `At most ${jsonLevelsMax} lists and objects may stand within one another.`,
    );
  }
  return cell.includes('\\u') ? (unstorable(value) ?? cell) : cell;
};

/** PostgreSQL stores neither NUL nor half a surrogate pair, which JSON can say by an escape. */
function unstorable(value: unknown): CellFault | undefined {
  const escaped = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/;
  return escaped.test(JSON.stringify(value))
    ? invalid('The JSON contains the character NUL or half a character, which cannot be stored.')
    : undefined;
}

const base64Shape = /^([\w+/-]*)={0,2}$/;

/** Base64 in either alphabet (RFC 4648, sections 4 and 5), with or without padding. */
export const bytesConverter: Converter = cell => {
  const digits = base64Shape.exec(cell.trim())?.[1];
  if (digits === undefined || digits.length % 4 === 1) return invalid('Not bytes in base64.');
  return `\\x${Buffer.from(digits, 'base64').toString('hex')}`;
};

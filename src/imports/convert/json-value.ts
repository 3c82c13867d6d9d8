import { numberText } from '../../base/exact-json.ts';
import type { ColumnField } from '../../catalog/catalog.ts';
import { type CellFault, invalid } from './cell-fault.ts';

/**
 * @param value of a JSON file, not null
 * @returns what a cell of text would say: the text of a string, every digit of a number, JSON for a list, and for a column of JSON
 *   whatever the value is
 */
export function jsonValueText({ type }: ColumnField, value: unknown): string | CellFault {
  if (type.scalar === 'Json' && !type.list) return JSON.stringify(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  const number = numberText(value);
  if (number !== undefined) return type.scalar === 'Float' ? number : withoutExponent(number);
  if (Array.isArray(value))
    return type.list ? JSON.stringify(value) : invalid('A list cannot be written to this field.');
  return invalid('An object cannot be written to this field.');
}

/** More would be out of range of every column. */
const exponentMax = 1_000;

function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d+)$/i.exec(text) ?? [];
  const shift = Number(exponent);
  if (exponent === undefined || Math.abs(shift) > exponentMax) return text;
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const decimals = digits.slice(point).replace(/0+$/, '');
  return `${sign}${digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0'}${decimals && `.${decimals}`}`;
}

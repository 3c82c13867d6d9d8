// The value of a cell -> text as in CSV: dates in ISO 8601, every digit that Excel shows of a number.

import { CellError } from '../source/row-source.ts';
import type { NumberKind } from './number-formats.ts';

export interface CellFormats {
  readonly kinds: readonly NumberKind[];
  readonly sharedStrings: readonly string[];
  readonly from1904: boolean;
}

export interface StoredCell {
  /** ECMA-376, part 1, section 18.18.11 */
  readonly type: string;
  /** Index of the cell's format. */
  readonly format: number;
  readonly text: string;
}

export function cellValue(formats: CellFormats, { type, format, text }: StoredCell): string | CellError {
  switch (type) {
    case 's':
      return formats.sharedStrings[Number(text)] ?? new CellError(text, 'The text of the cell is missing.');
    case 'b':
      return text === '1' ? 'true' : 'false';
    case 'e':
      return new CellError(text, `The cell contains the error ${text.slice(0, 20)}.`);
    case 'n':
      return text === '' ? '' : numberValue(formats, formats.kinds[format] ?? 'number', text);
    default:
      return text;
  }
}

function numberValue({ from1904 }: CellFormats, kind: NumberKind, text: string): string | CellError {
  const value = Number(text);
  if (!Number.isFinite(value)) return new CellError(text, 'The cell does not contain a number.');
  return kind === 'number' ? plainNumber(value) : momentText(value, kind, from1904);
}

/** Excel calculates with 15 digits, and stores 17: 4.2 as 4.2000000000000002. */
function plainNumber(value: number): string {
  const rounded = Number(value.toPrecision(15));
  const text = String(rounded);
  if (!text.includes('e')) return text;
  return Math.abs(rounded) >= 1 ? BigInt(rounded).toString() : rounded.toFixed(20).replace(/0+$/, '');
}

const dayMs = 86_400_000;
/** 9999-12-31 */
const lastDay = 2_958_465;

function momentText(value: number, kind: NumberKind, from1904: boolean): string | CellError {
  const ms = Math.round(value * dayMs);
  const day = Math.floor(ms / dayMs);
  if (day < 0 || day > lastDay) return new CellError(String(value), 'The date is out of range.');
  const time = new Date(ms - day * dayMs)
    .toISOString()
    .slice(11, -1)
    .replace(/\.000$/, '');
  if (kind === 'time' && day === 0) return time;
  const date = new Date(epoch(day, from1904) + day * dayMs).toISOString().slice(0, 10);
  return time === '00:00:00' ? date : `${date}T${time}`;
}

/** Excel counts February 29, 1900, which did not exist. */
function epoch(day: number, from1904: boolean): number {
  if (from1904) return Date.UTC(1904, 0, 1);
  return day < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
}

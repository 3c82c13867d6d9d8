// Cells of a worksheet: numbers as numbers and dates as dates where nothing is lost by it, everything else as text.

import { fault } from '../../base/errors.ts';
import { computedText, listText } from '../cell-text.ts';
import type { Column } from '../columns.ts';
import { isExactDecimal, isExactFloat } from './exact-number.ts';
import { dateSerial, dateTimeSerial, timeSerial } from './serial-date.ts';
import {
  dateStyle,
  dateTimeStyle,
  generalStyle,
  quotedStyle,
  scaleStyle,
  textStyle,
  timeStyle,
} from './styles.ts';
import { xmlText } from './xml-text.ts';

/** @param at the reference: `B7` @returns the XML of a cell, or nothing */
export type CellWriter = (at: string, value: string) => string;

/** UTF-16 units: a limit of the format. */
const textMax = 32_767;

/** @returns the writer of a column's cells that have a value @throws LIMIT_EXCEEDED for a text that is too long */
export function cellWriter({ name, kind, scale }: Column): CellWriter {
  const text: CellWriter = (at, value) => textCell(name, at, value);
  switch (kind) {
    case 'Int':
    case 'BigInt':
    case 'Decimal':
      return numberWriter(isExactDecimal, scaleStyle(scale));
    case 'Float':
      return numberWriter(isExactFloat, generalStyle);
    case 'Boolean':
      return (at, value) => `<c r="${at}" t="b"><v>${value === 'true' ? 1 : 0}</v></c>`;
    case 'Date':
      return dateWriter(dateSerial, dateStyle, text);
    case 'DateTime':
      return dateWriter(dateTimeSerial, dateTimeStyle, text);
    case 'Time':
      return dateWriter(timeSerial, timeStyle, text);
    case 'List':
      return (at, value) => text(at, listText(value));
    case 'Computed':
      return computedWriter(text);
    default:
      return text;
  }
}

const numberCell = (at: string, value: string, style: number): string =>
  style === generalStyle
    ? `<c r="${at}"><v>${value}</v></c>`
    : `<c r="${at}" s="${style}"><v>${value}</v></c>`;

const numberWriter =
  (isExact: (text: string) => boolean, style: number): CellWriter =>
  (at, value) =>
    isExact(value) ? numberCell(at, value, style) : inlineText(at, value, textStyle);

const dateWriter =
  (serialOf: (text: string) => string | undefined, style: number, text: CellWriter): CellWriter =>
  (at, value) => {
    const serial = serialOf(value);
    return serial === undefined ? text(at, value) : numberCell(at, serial, style);
  };

/** The type of a computed value is that of its JSON. */
const computedWriter =
  (text: CellWriter): CellWriter =>
  (at, json) => {
    const value = computedText(json);
    if (value === null) return '';
    if (json === 'true' || json === 'false')
      return `<c r="${at}" t="b"><v>${json === 'true' ? 1 : 0}</v></c>`;
    return value === json && isExactFloat(json) ? numberCell(at, json, generalStyle) : text(at, value);
  };

function textCell(name: string, at: string, value: string): string {
  if (value.length > textMax) throw tooLong(name, at);
  return inlineText(at, value, /^[=+\-@\t\r\n]/.test(value) ? quotedStyle : generalStyle);
}

const tooLong = (name: string, at: string) =>
  fault(
    'LIMIT_EXCEEDED',
    `The text of "${name}" in cell ${at} is longer than ${textMax} characters, the maximum of XLSX.`,
    {
      hint: 'Leave the field out, or request CSV.',
      target: name,
    },
  );

function inlineText(at: string, value: string, style: number): string {
  const space = /^\s|\s$|\s\s|[\t\n]/.test(value) ? ' xml:space="preserve"' : '';
  const styled = style === generalStyle ? '' : ` s="${style}"`;
  return `<c r="${at}"${styled} t="inlineStr"><is><t${space}>${xmlText(value)}</t></is></c>`;
}

/** @param index from 0 @returns `A`, `Z`, `AA` */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

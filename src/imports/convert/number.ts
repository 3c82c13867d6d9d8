// Numbers: every digit is kept as it is written, and nothing is rounded silently.

import type { ColumnField } from '../../catalog/catalog.ts';
import { type CellFault, type Converter, cellFault, invalid } from './cell-fault.ts';

const digitsMax = 1000;
const integerShape = /^[+-]?\d+$/;
const decimalShape = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const floatShape = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const integerBits: Readonly<Record<string, number>> = { smallint: 16, integer: 32, bigint: 64 };

/** @returns the converter of a whole-number column, checked against the range of its type */
export function integerConverter({ type }: ColumnField): Converter {
  const bits = integerBits[type.sqlType] ?? (type.scalar === 'BigInt' ? 64 : 32);
  const [min, max] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  const outOfRange = cellFault('OUT_OF_RANGE', `The number must lie between ${min} and ${max}.`);
  return cell => {
    const text = cell.trim();
    if (!integerShape.test(text)) return invalid(`Not a whole number.${hint(text)}`);
    if (text.length <= 4) return String(Number(text));
    if (text.length > digitsMax) return outOfRange;
    const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
    return value < min || value > max ? outOfRange : String(value);
  };
}

/** Zeros that say nothing included. Without a bound, to cut those at the end takes time that grows with its square. */
const digitsShownMax = 3 * digitsMax;
const tooManyDigits = cellFault('OUT_OF_RANGE', 'The number has too many digits.');

/** @returns the converter of a Decimal column, checked against its precision and scale */
export function decimalConverter({ precision, scale }: ColumnField): Converter {
  const whole = precision === undefined ? digitsMax : precision - (scale ?? 0);
  return cell => {
    const text = cell.trim();
    const match = decimalShape.exec(text);
    const [, sign, digits = '', fraction = ''] = match ?? [];
    if (!match || (digits === '' && fraction === '')) return invalid(`Not a decimal number.${hint(text)}`);
    if (text.length > digitsShownMax) return tooManyDigits;
    const integer = digits.replace(/^0+(?=.)/, '');
    if (integer.length > whole && integer !== '0') {
      return cellFault('OUT_OF_RANGE', `At most ${whole} digits may stand before the decimal point.`);
    }
    const kept = scale !== undefined && fraction.length > scale ? fraction.replace(/0+$/, '') : fraction;
    if (scale !== undefined && kept.length > scale) return tooExact(scale, text);
    if (kept.length > digitsMax) return tooManyDigits;
    return `${sign === '-' ? '-' : ''}${integer || '0'}${kept && `.${kept}`}`;
  };
}

function tooExact(scale: number, text: string): CellFault {
  const thousands = /^[+-]?\d{1,3}\.\d{3}$/.test(text) ? ' Write numbers without thousands separators.' : '';
  return cellFault('OUT_OF_RANGE', `At most ${scale} digits may stand after the decimal point.${thousands}`);
}

/** @returns the converter of a floating-point column: values that it cannot represent are rejected */
export function floatConverter({ type }: ColumnField): Converter {
  const outOfRange = cellFault('OUT_OF_RANGE', 'The number is too large or too small for its column.');
  return cell => {
    const text = cell.trim();
    if (!floatShape.test(text)) return invalid(`Not a number.${hint(text)}`);
    if (text.length > digitsMax) return outOfRange;
    const value = type.sqlType === 'real' ? Math.fround(Number(text)) : Number(text);
    const vanished = value === 0 && /[1-9]/.test(text.replace(/e.*/i, ''));
    return Number.isFinite(value) && !vanished ? text : outOfRange;
  };
}

const thousandsShape = /^[+-]?\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/;

/** A hint for common mistakes. */
function hint(text: string): string {
  if (/^[+-]?\d+,\d+$/.test(text) && !thousandsShape.test(text))
    return ' Write a point, not a comma, before the decimals.';
  if (thousandsShape.test(text))
    return ' Write numbers without thousands separators, with a point before the decimals: 1234.50.';
  if (/^[+-]?[\d.,]+e[+-]?\d+$/i.test(text)) return ' Write every digit, without an exponent.';
  if (/[\p{Sc}%]/u.test(text)) return ' Write the number alone, without a sign for currency or percent.';
  return '';
}

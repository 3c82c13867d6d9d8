// Which numbers a spreadsheet can hold: it computes with double precision and shows 15 digits.

const digitsMax = 15;
/** The smallest number with full precision; spreadsheets take what is closer to zero for zero. */
const smallestNormal = 2.2250738585072014e-308;

/** @param text as PostgreSQL writes integers and decimals @returns whether a spreadsheet keeps each digit */
export function isExactDecimal(text: string): boolean {
  if (text.length <= digitsMax) return isNumber(text);
  // Without zeros at either end, which a double does not need.
  const digits = text.replace('-', '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return isNumber(text) && digits.length <= digitsMax && text.length <= lengthMax;
}

/** Longer ones could be out of the range of a double. */
const lengthMax = 300;

/** @param text as PostgreSQL writes floating-point numbers, with as many digits as tell them apart */
export function isExactFloat(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && isNumber(text) && (value === 0 || Math.abs(value) >= smallestNormal);
}

/** Not NaN or Infinity. */
const isNumber = (text: string): boolean => /^-?\d/.test(text);

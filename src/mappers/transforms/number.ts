// Numbers as texts, digit by digit: nothing is rounded.

import { currencyWords } from './currencies.ts';
import type { TransformOf } from './transform-schema.ts';
import { invalid, type TextStep, ValueFault } from './value.ts';

interface Separators {
  readonly decimal: '.' | ',';
  readonly group: string;
}

const lengthMax = 400;
const tooLong = new ValueFault('OUT_OF_RANGE', 'The number has too many digits.');

/** @returns the number as `-1234.50`, or undefined if the text is none with these separators */
type NumberReader = (text: string) => string | undefined;

function numberReader({ decimal, group }: Separators): NumberReader {
  const mark = groupClasses[group] ?? (group === '' ? undefined : `[${group}]`);
  const whole = mark === undefined ? String.raw`\d+` : String.raw`\d{1,3}(?:${mark}\d{2,3})+|\d+`;
  const shape = new RegExp(`^([+\\-−]?)(?:(${whole})(?:[${decimal}](\\d*))?|[${decimal}](\\d+))$`);
  const marks = mark === undefined ? undefined : new RegExp(mark, 'g');
  return text => {
    const match = shape.exec(text);
    if (!match) return undefined;
    const [, sign, digits = '0', fraction = match[4] ?? ''] = match;
    const plain = marks ? digits.replace(marks, '') : digits;
    return `${sign === '-' || sign === '−' ? '-' : ''}${plain}${fraction && `.${fraction}`}`;
  };
}

/** Typists and programs use more characters than one for the same separator. */
const groupClasses: Readonly<Record<string, string>> = {
  ' ': '[ \u00a0\u2009\u202f]',
  "'": "['’]",
};

function notANumber({ decimal, group }: Separators, what: string): ValueFault {
  const example = group === '' ? `1234${decimal}50` : `1${group}234${decimal}50`;
  return invalid(`Not ${what}. The mapper reads numbers such as ${example}.`);
}

export function number(transform: TransformOf<'number'>): TextStep {
  const read = numberReader(transform);
  const fault = notANumber(transform, 'a number');
  return text => {
    const trimmed = text.trim();
    if (trimmed.length > lengthMax) return tooLong;
    const value = read(trimmed);
    return value === undefined ? fault : shiftPoint(value, transform.shift);
  };
}

export function percent(transform: TransformOf<'percent'>): TextStep {
  const read = numberReader(transform);
  const fault = notANumber(transform, 'a percentage');
  return text => {
    const trimmed = text.trim();
    if (trimmed.length > lengthMax) return tooLong;
    const value = read(trimmed.endsWith('%') ? trimmed.slice(0, -1).trimEnd() : trimmed);
    if (value === undefined) return fault;
    return transform.as === 'number' ? value : shiftPoint(value, -2);
  };
}

export function currency(transform: TransformOf<'currency'>): TextStep {
  const { decimal, minorDigits, currencies } = transform;
  const read = numberReader(transform);
  const fault = notANumber(transform, 'an amount of money');
  const accepted = currencies && new Set(currencies.map(symbolOf));
  return text => {
    const trimmed = text.trim();
    if (trimmed.length > lengthMax) return tooLong;
    const amount = splitAmount(trimmed, decimal);
    const value = amount && read(amount.number);
    if (value === undefined) return fault;
    const wrong = amount!.symbols.find(symbol => !isAccepted(symbol, accepted));
    if (wrong !== undefined) return wrongCurrency(wrong, currencies);
    return shiftPoint(value, -minorDigits);
  };
}

interface Amount {
  readonly number: string;
  readonly symbols: readonly string[];
}

/** Before and after the digits there may be a sign, a symbol, or both in any order; and `5,-` stands for `5,00`. */
function splitAmount(text: string, decimal: string): Amount | undefined {
  const first = text.search(/\d/);
  if (first < 0) return undefined;
  let last = text.length;
  while (!isDigit(text.charCodeAt(last - 1))) last--;
  const before = withoutSign(text.slice(0, first));
  const after = withoutSign(text.slice(last).replace(/^[.,](?:[-–—]{1,2})?/, ''));
  if (before.negative && after.negative) return undefined;
  const point = before.rest === decimal ? decimal : '';
  const sign = before.negative || after.negative ? '-' : '';
  const symbols = [point ? '' : before.rest, after.rest].filter(symbol => symbol !== '');
  return { number: `${sign}${point}${text.slice(first, last)}`, symbols };
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function withoutSign(text: string): { readonly rest: string; readonly negative: boolean } {
  const rest = text.replace(/[-−]/, '').replace(/[+\s\u00a0\u202f]/g, '');
  return { rest, negative: /[-−]/.test(text) };
}

const symbolOf = (text: string): string => text.trim().replace(/\.$/, '').toLowerCase();

function isAccepted(symbol: string, accepted: ReadonlySet<string> | undefined): boolean {
  const known = symbolOf(symbol);
  return accepted
    ? accepted.has(known)
    : /^\p{L}{0,3}\p{Sc}\p{L}{0,3}$/u.test(symbol) || currencyWords.has(known);
}

const wrongCurrency = (symbol: string, currencies: readonly string[] | undefined): ValueFault =>
  new ValueFault(
    'UNKNOWN_VALUE',
    currencies
      ? `The mapper accepts amounts in ${currencies.join(', ')}, not in "${symbol.slice(0, 20)}".`
      : `"${symbol.slice(0, 20)}" is not a currency.`,
  );

/** @returns a number times a power of ten */
function shiftPoint(value: string, places: number): string {
  if (places === 0) return value;
  const sign = value.startsWith('-') ? '-' : '';
  const [digits = '', fraction = ''] = value.slice(sign.length).split('.');
  const all = `${'0'.repeat(Math.max(0, 1 - digits.length - places))}${digits}${fraction}`.padEnd(
    digits.length + places,
    '0',
  );
  const point = Math.max(1, digits.length + places);
  const whole = all.slice(0, point).replace(/^0+(?=\d)/, '');
  const decimals = all.slice(point).replace(/0+$/, '');
  return `${sign}${whole}${decimals && `.${decimals}`}`;
}

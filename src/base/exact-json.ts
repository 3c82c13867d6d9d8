// JSON whose numbers keep every digit: what a JavaScript number cannot hold stays text.

/** A number as its text. `JSON.stringify` writes it digit by digit. */
interface ExactNumber {
  readonly rawJSON: string;
}

/** Part of ECMAScript since 2025; TypeScript's library does not list it yet. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
};

export const exactNumber = rawJSON;

/**
 * As `JSON.parse`, but numbers that would lose digits become `ExactNumber`.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return longNumber.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}

/** As `JSON.parse`, but every number stays the text that it is, the zeros at its end too. @throws SyntaxError */
export const parseVerbatimJson = (text: string): unknown =>
  JSON.parse(text, keepText as (key: string, value: unknown) => unknown);

const keepText = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && source !== undefined ? rawJSON(source) : value;

/** Up to 15 digits pass through a JavaScript number unharmed. Long digits in strings only cost the slower way. */
const longNumber = /[\d.]{16}|\d[eE][+-]?\d{3}/;

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return sameDigits(source) ? value : rawJSON(source);
}

const sameDigits = (source: string): boolean =>
  !/[eE]/.test(source) && source.replace(/\D/g, '').length <= 15;

/** @returns a number's text with every digit, or undefined for what is no number */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'bigint') return String(value);
  return isRawJSON(value) ? value.rawJSON : undefined;
}

/** @returns the JavaScript number for an `ExactNumber`, and everything else as it is */
export const looseNumber = (value: unknown): unknown => (isRawJSON(value) ? Number(value.rawJSON) : value);

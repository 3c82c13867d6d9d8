// Finds where a text stops being valid JSON. V8 reports the position only for some errors.

import type { Location } from '../../base/errors.ts';

/** @returns V8's message without its position */
export const jsonErrorReason = (error: unknown): string =>
  (error instanceof Error ? error.message : '')
    .replace(/ in JSON at position.*$|, ?(?:\.\.\.)?".*is not valid JSON$|(?: of| in)? JSON input$/s, '')
    .replace(/^\w/, first => first.toLowerCase());

/** @param text rejected by `JSON.parse` @returns the location of the first invalid character */
export function jsonErrorLocation(text: string): Location {
  let valid = 0;
  let invalid = text.length + 1;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (beginsJson(text.slice(0, middle))) valid = middle;
    else invalid = middle;
  }
  const before = text.slice(0, valid);
  return { line: before.split('\n').length, column: valid - before.lastIndexOf('\n') };
}

/** Whether a text is valid JSON, or a prefix of valid JSON. */
function beginsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined
      ? message === 'Unexpected end of JSON input'
      : Number(position) === text.length;
  }
}

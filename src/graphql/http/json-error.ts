// Where a text stops being JSON. V8 tells it for some errors only.

import type { Location } from '../../base/errors.ts';

/** @returns V8's message without what it says of the place */
export const jsonErrorReason = (error: unknown): string =>
  (error instanceof Error ? error.message : '')
    .replace(/ in JSON at position.*$|, ?(?:\.\.\.)?".*is not valid JSON$|(?: of| in)? JSON input$/s, '')
    .replace(/^\w/, first => first.toLowerCase());

/** @param text what `JSON.parse` refuses @returns where the first wrong character stands */
export function jsonErrorLocation(text: string): Location {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (beginsJson(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good);
  return { line: before.split('\n').length, column: good - before.lastIndexOf('\n') };
}

/** Whether a text is JSON, or could become it if it went on. */
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

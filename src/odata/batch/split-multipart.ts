// multipart/mixed (RFC 2046, 5.1) cut at its boundary, in one pass.

import { fault } from '../../base/errors.ts';

/**
 * What stands before the first delimiter line and after the closing one is passed over.
 * @param text with lines that end in CR LF or, where a client is careless, in LF alone
 * @returns the parts, without the line break that belongs to the delimiter behind them
 * @throws MALFORMED_REQUEST for what does not end as it should: it may be only a piece of what was sent
 */
export function splitMultipart(text: string, boundary: string, partsMax: number): string[] {
  const parts: string[] = [];
  let start: number | undefined;
  for (const { at, end, closing } of delimiters(text, boundary)) {
    if (start !== undefined) parts.push(text.slice(start, lineBreakBefore(text, at, start)));
    if (parts.length > partsMax) throw tooMany(partsMax);
    if (closing) return parts;
    start = end;
  }
  throw fault('MALFORMED_REQUEST', `The batch does not end with the line "--${boundary}--".`);
}

export const tooMany = (partsMax: number) =>
  fault('LIMIT_EXCEEDED', `A batch has at most ${partsMax} requests.`, { hint: 'Send several batches.' });

interface Delimiter {
  /** Where its line begins. */
  readonly at: number;
  /** Where the next line begins. */
  readonly end: number;
  readonly closing: boolean;
}

function* delimiters(text: string, boundary: string): Generator<Delimiter> {
  const mark = `--${boundary}`;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    if (at > 0 && text[at - 1] !== '\n') continue;
    rest.lastIndex = at + mark.length;
    const found = rest.exec(text);
    if (found) yield { at, end: rest.lastIndex, closing: found[1] !== undefined };
  }
}

/** Behind a delimiter blanks may stand; anything else makes it a line of a part. */
const rest = /(--)?[ \t]*(?:\r?\n|$)/y;

function lineBreakBefore(text: string, at: number, start: number): number {
  const end = text[at - 2] === '\r' ? at - 2 : at - 1;
  return Math.max(end, start);
}

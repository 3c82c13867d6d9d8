// Splits multipart/mixed (RFC 2046, 5.1) at its boundary, in one pass.

import { fault } from '../../base/errors.ts';

/**
 * Ignores what comes before the first delimiter line and after the closing one.
 * @param text lines end in CR LF; clients that send only LF are accepted
 * @returns the parts, without the line break that belongs to the following delimiter
 * @throws MALFORMED_REQUEST without the closing delimiter: the body may have been cut off
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
  throw fault('MALFORMED_REQUEST', `The batch must end with the line "--${boundary}--".`);
}

export const tooMany = (partsMax: number) =>
  fault('LIMIT_EXCEEDED', `A batch may have at most ${partsMax} requests.`, {
    hint: 'Split it into several batches.',
  });

interface Delimiter {
  /** Where its line starts. */
  readonly at: number;
  /** Where the next line starts. */
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

/** Only blanks may follow a delimiter; anything else makes it a line of a part. */
const rest = /(--)?[ \t]*(?:\r?\n|$)/y;

function lineBreakBefore(text: string, at: number, start: number): number {
  const end = text[at - 2] === '\r' ? at - 2 : at - 1;
  return Math.max(end, start);
}

// JSON as it is received: each member of an object is there once. Of two, parsers keep the last one or the first one, so a
// proxy in front of this server may have seen another value (RFC 8259, 4; OData JSON Format 4.01, 4.5).

import { fault, type Location } from './errors.ts';

/** @param text valid JSON @throws INVALID_JSON with line and column */
export function refuseRepeatedMembers(text: string): void {
  const found = repeatedMember(text);
  if (!found) return;
  const name = JSON.stringify(found.name.slice(0, shownMax));
  throw fault('INVALID_JSON', `The member ${name} is given twice.`, {
    hint: 'Send each member of an object once.',
    target: found.name.slice(0, shownMax),
    location: locationOf(text, found.at),
  });
}

const shownMax = 60;

interface Found {
  readonly name: string;
  readonly at: number;
}

/** Only strings are skipped: whatever else stands between brackets says nothing of names. */
function repeatedMember(text: string): Found | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(text, at);
      const names = open.at(-1);
      if (names && isFollowedByColon(text, end)) {
        const name: string = JSON.parse(text.slice(at, end));
        if (names.has(name)) return { name, at };
        names.add(name);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** @returns the offset behind a string's closing quote, before which stands an even number of backslashes */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

/** In an object, only names are. */
function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (isBlank(text[at])) at++;
  return text[at] === ':';
}

const isBlank = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t';

function locationOf(text: string, at: number): Location {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

// A batch in multipart/mixed (OData 4.01 Part 1, 11.7.7). Accepts what real clients send: extra blank lines, missing
// headers, Content-ID in either block of headers.

import { fault } from '../../base/errors.ts';
import type { BatchItem, BatchPart } from './batch-part.ts';
import { splitMultipart, tooMany } from './split-multipart.ts';

/** @throws MALFORMED_REQUEST, LIMIT_EXCEEDED, INVALID_OPERATION */
export function readMultipart(text: string, boundary: string, partsMax: number): BatchItem[] {
  let left = partsMax;
  return splitMultipart(text, boundary, partsMax).map((part, index) => {
    const item = readItem(part, index, left);
    left -= Math.max(1, item.parts.length);
    if (left < 0) throw tooMany(partsMax);
    return item;
  });
}

/** @returns the parameter of `multipart/mixed; boundary="…"` @throws MALFORMED_REQUEST */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? '';
  if (/^[\x20-\x7e]{0,199}[\x21-\x7e]$/.test(boundary)) return boundary;
  throw malformed('multipart/mixed needs a boundary of 1 to 200 ASCII characters.');
}

function readItem(text: string, index: number, partsMax: number): BatchItem {
  const { headers, rest } = readHeaders(text);
  const type = headers.get('content-type') ?? 'application/http';
  if (!isMultipart(type)) return { atomic: false, parts: [readPart(headers, rest)], dependsOn: [] };
  const parts = splitMultipart(rest, boundaryOf(type), partsMax).map(readChange);
  return { atomic: true, parts, group: `changeset ${index + 1}`, dependsOn: [] };
}

function readChange(text: string): BatchPart {
  const { headers, rest } = readHeaders(text);
  if (isMultipart(headers.get('content-type') ?? '')) {
    throw fault('INVALID_OPERATION', 'A changeset cannot contain another changeset.');
  }
  return readPart(headers, rest);
}

const isMultipart = (type: string): boolean => /^\s*multipart\//i.test(type);

/** @param text application/http: request line, headers, body */
function readPart(around: ReadonlyMap<string, string>, text: string): BatchPart {
  const first = skipBlankLines(text);
  const end = lineEnd(text, first);
  const { method, url } = readRequestLine(text.slice(first, end.at));
  const { headers, rest } = readHeaders(text.slice(end.next), true);
  const id = headers.get('content-id') ?? around.get('content-id');
  return { id, method, url, headers, body: rest };
}

/** Accepts URLs that contain spaces. */
function readRequestLine(line: string): Pick<BatchPart, 'method' | 'url'> {
  const text = line.trim().replace(/ HTTP\/\d(?:\.\d)?$/, '');
  const blank = text.indexOf(' ');
  const method = text.slice(0, Math.max(blank, 0));
  const url = text.slice(blank + 1).trim();
  if (/^[A-Za-z]{1,20}$/.test(method) && url !== '') return { method: method.toUpperCase(), url };
  throw malformed('A part of the batch must start with a request line such as "GET products HTTP/1.1".');
}

/** Characters of a header line. */
const headerLengthMax = 8_192;
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;
/** With any of these, a header could be read as several. */
const forbidden = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * @param strict whether the block starts at once and ends with a blank line or the text; otherwise blank lines before it
 *   are skipped, and none is required after it
 * @returns headers by name in lower case, and what follows
 */
function readHeaders(text: string, strict = false): { headers: Map<string, string>; rest: string } {
  const headers = new Map<string, string>();
  let at = strict ? 0 : skipBlankLines(text);
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end.at);
    if (line === '') return { headers, rest: text.slice(end.next) };
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
    const isHeader = headerName.test(name);
    if (!isHeader && !strict) break;
    if (!isHeader || line.length > headerLengthMax || forbidden.test(line)) {
      throw malformed('A part of the batch has a malformed header.');
    }
    if (headers.has(name)) throw malformed(`A part of the batch has the ${name} header twice.`);
    headers.set(name, line.slice(colon + 1).trim());
    at = end.next;
  }
  return { headers, rest: text.slice(at) };
}

function skipBlankLines(text: string): number {
  blankLines.lastIndex = 0;
  return blankLines.exec(text)![0].length;
}

const blankLines = /(?:[ \t]*\r?\n)*/y;

/** @returns where the line that starts at an offset ends, and where the next one starts */
function lineEnd(text: string, start: number): { at: number; next: number } {
  const newline = text.indexOf('\n', start);
  if (newline < 0) return { at: text.length, next: text.length };
  return { at: text[newline - 1] === '\r' && newline > start ? newline - 1 : newline, next: newline + 1 };
}

const malformed = (message: string) => fault('MALFORMED_REQUEST', message);

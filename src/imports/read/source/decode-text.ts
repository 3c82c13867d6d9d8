// The bytes of a file -> UTF-8, strictly: a file that is something else is refused before it does harm.

import { isUtf8 } from 'node:buffer';
import { type Fault, fault } from '../../../base/errors.ts';
import { carriageReturn, completeLength } from './complete-length.ts';
import type { TextEncoding } from './text-encoding.ts';

/**
 * @param chunks of which the first holds at least the beginning of the text
 * @returns the text as UTF-8, cut between characters, without a byte order mark
 * @throws MALFORMED_REQUEST for an empty file or another encoding, UNSUPPORTED_MEDIA_TYPE for what is no text
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  encoding: TextEncoding,
): AsyncGenerator<Buffer> {
  let decode: ((chunk: Buffer) => Buffer) | undefined;
  for await (const chunk of chunks) {
    if (!decode) refuseOthers(chunk, encoding);
    decode ??= encoding === 'utf-8' ? utf8Decoder() : otherDecoder(encoding);
    const text = decode(chunk);
    if (text.length > 0) yield text;
  }
  if (!decode) throw emptyFile();
  const rest = decode(Buffer.alloc(0));
  if (rest.length > 0) yield rest;
}

/** @returns the error of a file that has nothing in it */
export const emptyFile = (): Fault =>
  fault('MALFORMED_REQUEST', 'The file is empty.', {
    hint: 'Its first line must name the columns.',
    target: 'file',
  });

function refuseOthers(first: Buffer, encoding: TextEncoding): void {
  refuseKnownFormats(first);
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  if (!isWide && first.subarray(0, firstLineEnd(first)).includes(0)) throw notText('The file is not text.');
}

const firstLineEnd = (bytes: Buffer): number =>
  bytes.indexOf(0x0a) < 0 ? bytes.length : bytes.indexOf(0x0a);

const formats: readonly (readonly [signature: string, what: string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx) or another ZIP file within a ZIP file'],
  ['d0cf11e0', 'an old Excel workbook (.xls), or one with a password'],
  ['25504446', 'a PDF'],
];

function refuseKnownFormats(first: Buffer): void {
  const beginning = first.subarray(0, 4).toString('hex');
  const known = formats.find(([signature]) => beginning.startsWith(signature));
  if (known) throw notText(`The file is ${known[1]}.`);
}

const notText = (message: string): Fault =>
  fault('UNSUPPORTED_MEDIA_TYPE', message, {
    hint: 'Send a file in CSV, JSON or XLSX format.',
    target: 'file',
  });

const byteOrderMark = Buffer.from('\ufeff');

/** Checks the bytes and hands them on as they are, but for a character that a chunk's end cuts in two. */
function utf8Decoder(): (chunk: Buffer) => Buffer {
  let held: Buffer = Buffer.alloc(0);
  let line = 1;
  let started = false;
  return chunk => {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const end = chunk.length > 0 ? completeLength(bytes) : bytes.length;
    let text = bytes.subarray(0, end);
    held = bytes.subarray(end);
    if (!isUtf8(text)) throw notUtf8(line + lineOfFirstFault(text));
    line += countLines(text);
    if (!started && text.subarray(0, 3).equals(byteOrderMark)) text = text.subarray(3);
    started = true;
    return text;
  };
}

function lineOfFirstFault(bytes: Buffer): number {
  let lines = 0;
  let start = 0;
  for (let end = 0; end < bytes.length; end++) {
    if (!endsLine(bytes, end)) continue;
    if (!isUtf8(bytes.subarray(start, end))) return lines;
    lines++;
    start = end + 1;
  }
  return lines;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1))
    if (bytes[at + 1] !== 0x0a) lines++;
  return lines;
}

/** Old Macs end lines with only a carriage return. */
const endsLine = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0x0a || (bytes[at] === carriageReturn && bytes[at + 1] !== 0x0a);

const notUtf8 = (line: number): Fault =>
  fault('MALFORMED_REQUEST', `Line ${line} of the file is not UTF-8.`, {
    hint: 'Save it with the encoding UTF-8, in Excel as "CSV UTF-8 (Comma delimited)".',
    target: 'file',
  });

function otherDecoder(encoding: TextEncoding): (chunk: Buffer) => Buffer {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return chunk => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk.length > 0 }));
    } catch {
      throw fault('MALFORMED_REQUEST', `The file is not valid ${encoding.toUpperCase()}.`, {
        target: 'file',
      });
    }
  };
}

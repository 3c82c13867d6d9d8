// The bytes of a file -> UTF-8, strictly: a file that is something else is refused before it does harm.

import { isUtf8 } from 'node:buffer';
import { type Fault, fault } from '../../base/errors.ts';

/** `auto`: UTF-8, or UTF-16 with a byte order mark. */
export type TextEncodingName = 'auto' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * @param chunks of which the first holds at least the beginning of the text
 * @returns the text as UTF-8, cut between characters, without a byte order mark. UTF-16 is recognised by its mark
 * @throws MALFORMED_REQUEST for an empty file or another encoding, UNSUPPORTED_MEDIA_TYPE for what is no text
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  encoding: TextEncodingName = 'auto',
): AsyncGenerator<Buffer> {
  let decode: ((chunk: Buffer) => Buffer) | undefined;
  for await (const chunk of chunks) {
    decode ??= encoding === 'auto' ? decoderFor(chunk) : decoderOf(encoding, chunk);
    const text = decode(chunk);
    if (text.length > 0) yield text;
  }
  if (!decode)
    throw fault('MALFORMED_REQUEST', 'The file is empty.', { hint: 'Its first line must name the columns.' });
  decode(Buffer.alloc(0));
}

/** A byte order mark is left out in any encoding. */
function decoderOf(encoding: Exclude<TextEncodingName, 'auto'>, first: Buffer): (chunk: Buffer) => Buffer {
  refuseKnownFormats(first);
  if (encoding === 'utf-8') return utf8Decoder();
  if (encoding !== 'windows-1252') return utf16Decoder(encoding);
  const decoder = new TextDecoder('windows-1252');
  return chunk => Buffer.from(decoder.decode(chunk, { stream: chunk.length > 0 }));
}

/** @returns a decoder; an empty chunk marks the end of the text */
function decoderFor(first: Buffer): (chunk: Buffer) => Buffer {
  refuseKnownFormats(first);
  const mark = first.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return utf16Decoder('utf-16le');
  if (mark === 'feff') return utf16Decoder('utf-16be');
  const header = first.subarray(0, firstLineEnd(first));
  if (header.includes(0)) throw notText('The file is not text.');
  return utf8Decoder();
}

const firstLineEnd = (bytes: Buffer): number =>
  bytes.indexOf(0x0a) < 0 ? bytes.length : bytes.indexOf(0x0a);

const formats: readonly (readonly [signature: string, what: string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx) or another ZIP file'],
  ['d0cf11e0', 'an old Excel workbook (.xls)'],
  ['25504446', 'a PDF'],
];

function refuseKnownFormats(first: Buffer): void {
  const beginning = first.subarray(0, 4).toString('hex');
  const known = formats.find(([signature]) => beginning.startsWith(signature));
  if (known) throw notText(`The file is ${known[1]}.`);
}

const notText = (message: string): Fault =>
  fault('UNSUPPORTED_MEDIA_TYPE', message, {
    hint: 'Save it as CSV, in Excel as "CSV UTF-8 (Comma delimited)", and send that.',
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

/** @returns how many bytes make whole characters: up to three at the end may begin one that goes on in the next chunk */
function completeLength(bytes: Buffer): number {
  // It may be half of a line end.
  if (bytes.at(-1) === carriageReturn) return bytes.length - 1;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0)
      return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
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

const carriageReturn = 0x0d;

/** Old Macs end lines with only a carriage return. */
const endsLine = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0x0a || (bytes[at] === carriageReturn && bytes[at + 1] !== 0x0a);

const notUtf8 = (line: number): Fault =>
  fault('MALFORMED_REQUEST', `Line ${line} of the file is not UTF-8.`, {
    hint: 'Save it with the encoding UTF-8, in Excel as "CSV UTF-8 (Comma delimited)".',
    target: 'file',
  });

function utf16Decoder(encoding: 'utf-16le' | 'utf-16be'): (chunk: Buffer) => Buffer {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return chunk => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk.length > 0 }));
    } catch {
      throw fault('MALFORMED_REQUEST', 'The file begins as UTF-16, but is not valid UTF-16.', {
        target: 'file',
      });
    }
  };
}

// Which encoding a file has: told by its first bytes, or else by all of them.

import { isAscii, isUtf8 } from 'node:buffer';
import { completeLength } from './complete-length.ts';

export const textEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof textEncodings)[number];

/**
 * UTF-8 unless a byte order mark or NULs say otherwise, or it is not valid and contains no character that UTF-8 would write in
 * several bytes: a file with such characters is a damaged one in UTF-8, and read as Windows-1252 it would be garbled.
 * @param chunks the whole file
 */
export async function detectEncoding(chunks: AsyncIterable<Buffer>): Promise<TextEncoding> {
  const evidence = new Evidence();
  let started = false;
  for await (const chunk of chunks) {
    const utf16 = started ? undefined : beginsAsUtf16(chunk);
    if (utf16) return utf16;
    started = true;
    evidence.add(chunk);
    if (evidence.isUtf8) return 'utf-8';
  }
  return evidence.conclude();
}

/** How many bytes of UTF-16 without a mark must look like it. */
const sampleBytes = 8;

function beginsAsUtf16(bytes: Buffer): TextEncoding | undefined {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return 'utf-16le';
  if (mark === 'feff') return 'utf-16be';
  if (bytes.length < sampleBytes) return undefined;
  // Names of columns begin with Latin letters, of which each has one byte that is NUL.
  const sample = [...bytes.subarray(0, sampleBytes)];
  const isNul = (odd: number) => sample.every((byte, index) => (index % 2 === odd) === (byte === 0));
  if (isNul(1)) return 'utf-16le';
  return isNul(0) ? 'utf-16be' : undefined;
}

/** Bytes that Windows-1252 does not have. https://encoding.spec.whatwg.org/index-windows-1252.txt */
const foreignBytes: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

class Evidence {
  /** Whether it can be nothing but UTF-8, damaged or not. */
  isUtf8 = false;
  #invalid = false;
  #held: Buffer = Buffer.alloc(0);
  #severalBytes = false;

  add(chunk: Buffer): void {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const end = completeLength(bytes);
    this.#held = bytes.subarray(end);
    this.#judge(bytes.subarray(0, end));
  }

  conclude(): TextEncoding {
    // The beginning of a character that was cut off; one byte alone may be a character of Windows-1252.
    if (this.#held.some(byte => byte < 0xc0 && byte >= 0x80)) return 'utf-8';
    this.#judge(this.#held);
    return this.#invalid && !this.isUtf8 ? 'windows-1252' : 'utf-8';
  }

  #judge(bytes: Buffer): void {
    if (isAscii(bytes)) return;
    if (isUtf8(bytes)) this.#severalBytes = true;
    else {
      this.#invalid = true;
      this.#severalBytes ||= hasCharacterOfSeveralBytes(bytes);
      this.isUtf8 ||= bytes.some(byte => foreignBytes.has(byte));
    }
    if (this.#invalid && this.#severalBytes) this.isUtf8 = true;
  }
}

/** Whether there is a valid sequence of two bytes or more. https://datatracker.ietf.org/doc/html/rfc3629#section-4 */
function hasCharacterOfSeveralBytes(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0xc2) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    const character = bytes.subarray(at, at + length);
    if (character.length === length && isUtf8(character)) return true;
  }
  return false;
}

// The sealed form: format (1 byte) | pepper version (1) | user-key version (2) | IV (16) | ciphertext | tag (32).

import { ivBytes, tagBytes } from './cipher.ts';
import { SealFault } from './seal-fault.ts';

export const pepperVersionMax = 0xff;

const format = 1;
const headerBytes = 4;
const blockBytes = 16;
const envelopeBytesMin = headerBytes + ivBytes + blockBytes + tagBytes;

/** Which halves of the key a value was sealed with. */
export interface Versions {
  readonly pepper: number;
  readonly userKey: number;
}

export interface Envelope extends Versions {
  /** The first four bytes, unchanged; the tag covers them too. */
  readonly header: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** @returns the first four bytes of an envelope */
export const toHeader = ({ pepper, userKey }: Versions): Buffer =>
  Buffer.from([format, pepper, userKey >> 8, userKey & 0xff]);

export const packEnvelope = ({ header, iv, ciphertext, tag }: Omit<Envelope, keyof Versions>): Buffer =>
  Buffer.concat([header, iv, ciphertext, tag]);

/** @returns views into the sealed bytes, not verified yet @throws SealFault when they are not an envelope of this format */
export function unpackEnvelope(sealed: Buffer): Envelope {
  if (sealed.length < envelopeBytesMin || sealed[0] !== format)
    throw new SealFault('This is not an envelope.');
  const bodyStart = headerBytes + ivBytes;
  return {
    header: sealed.subarray(0, headerBytes),
    pepper: sealed.readUInt8(1),
    userKey: sealed.readUInt16BE(2),
    iv: sealed.subarray(headerBytes, bodyStart),
    ciphertext: sealed.subarray(bodyStart, -tagBytes),
    tag: sealed.subarray(-tagBytes),
  };
}

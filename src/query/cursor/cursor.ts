// Cursors: the sort keys of one row, sealed so that a caller can neither read a cursor nor make one.
//
// Layout: format (1 byte) | key id (4) | what `siv.ts` makes of the content, in base64url. One row has one cursor. The content
// is padded, so that its length tells little.

import { hkdfSync } from 'node:crypto';
import { type Fault, fault } from '../../base/errors.ts';
import { createSiv, sivBytes } from './siv.ts';

interface CursorContent {
  /** One text for each key of the order, as PostgreSQL writes it. */
  readonly keys: readonly (string | null)[];
  /** Rows that are left of a list that ends somewhere. */
  readonly left?: number;
}

export interface Cursors {
  /** @param order what `orderTag` gives */
  seal(order: string, content: CursorContent): string;
  /** @throws INVALID_VALUE for what was altered, belongs to another order or set, or was made with another secret */
  open(order: string, cursor: string, at?: number): CursorContent;
}

const format = 1;
const [headerBytes, blockBytes] = [5, 32];
const cursorBytesMin = headerBytes + sivBytes + blockBytes;

/** @param secret 32 bytes or more, the same on every instance */
export function createCursors(secret: Buffer): Cursors {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'cursor/v1', purpose, 32));
  const siv = createSiv(derive('authenticate'), derive('encrypt'));
  const header = Buffer.concat([Buffer.from([format]), derive('id').subarray(0, headerBytes - 1)]);
  return {
    seal(order, { keys, left }) {
      const sealed = siv.seal(header, pad(JSON.stringify([order, keys, left])));
      return Buffer.concat([header, sealed]).toString('base64url');
    },
    open(order, cursor, at) {
      const bytes = Buffer.from(cursor, 'base64url');
      const isWhole = bytes.length >= cursorBytesMin && bytes.toString('base64url') === cursor;
      if (!isWhole || bytes[0] !== format) throw noCursor(at);
      if (!bytes.subarray(0, headerBytes).equals(header)) throw otherSecret(at);
      const plain = siv.open(header, bytes.subarray(headerBytes));
      if (!plain) throw noCursor(at);
      const [sealedFor, keys, left] = parse(plain.toString());
      if (sealedFor !== order) throw otherOrder(at);
      return { keys, left: left ?? undefined };
    },
  };
}

/** Blanks behind JSON mean nothing. */
function pad(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const padded = Buffer.alloc(Math.ceil(length / blockBytes) * blockBytes, ' ');
  padded.write(json);
  return padded;
}

const parse = (json: string) =>
  JSON.parse(json) as [order: string, keys: (string | null)[], left: number | null];

const noCursor = (at?: number): Fault =>
  fault('INVALID_VALUE', 'This is no cursor of this server, or it was altered.', {
    hint: 'Hand cursors on as they were given, or start again from the first page.',
    at,
  });

const otherSecret = (at?: number): Fault =>
  fault('INVALID_VALUE', 'This cursor was made with a secret that this server does not use any more.', {
    hint: 'Start again from the first page.',
    at,
  });

const otherOrder = (at?: number): Fault =>
  fault('INVALID_VALUE', 'This cursor belongs to another list, or to another order of this one.', {
    hint: 'Ask with the order that the cursor was given for, or start again from the first page.',
    at,
  });

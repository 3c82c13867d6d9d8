// Cursors: the sort keys of one row, encrypted and authenticated so that callers can neither read nor forge them.
//
// Layout: format (1 byte) | key id (4) | the content encrypted by `siv.ts`, in base64url. Encryption is deterministic, so a row
// always has the same cursor. The content is padded so that its length reveals little.

import { hkdfSync } from 'node:crypto';
import { type Fault, fault } from '../../base/errors.ts';
import { createSiv, sivBytes } from './siv.ts';

interface CursorContent {
  /** One text per sort key, as PostgreSQL writes it. */
  readonly keys: readonly (string | null)[];
  /** How many rows are left of a list with a `limit`. */
  readonly left?: number;
}

export interface Cursors {
  /** @param order the tag of the list's order, from `orderTag` */
  seal(order: string, content: CursorContent): string;
  /** @throws INVALID_VALUE if the cursor was altered, belongs to another order or set, or was created with another secret */
  open(order: string, cursor: string, at?: number): CursorContent;
}

const format = 1;
const headerBytes = 5;
const blockBytes = 32;
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
      if (!isWhole || bytes[0] !== format) throw invalidCursor(at);
      if (!bytes.subarray(0, headerBytes).equals(header)) throw otherSecret(at);
      const plain = siv.open(header, bytes.subarray(headerBytes));
      if (!plain) throw invalidCursor(at);
      const [sealedFor, keys, left] = parse(plain.toString());
      if (sealedFor !== order) throw otherOrder(at);
      return { keys, left: left ?? undefined };
    },
  };
}

/** JSON allows trailing spaces. */
function pad(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const padded = Buffer.alloc(Math.ceil(length / blockBytes) * blockBytes, ' ');
  padded.write(json);
  return padded;
}

const parse = (json: string) =>
  JSON.parse(json) as [order: string, keys: (string | null)[], left: number | null];

const invalidCursor = (at?: number): Fault =>
  fault('INVALID_VALUE', 'The cursor is invalid.', {
    hint: 'Pass cursors exactly as this server returned them, or start again from the first page.',
    at,
  });

const otherSecret = (at?: number): Fault =>
  fault('INVALID_VALUE', 'The cursor was created with a secret that this server no longer uses.', {
    hint: 'Start again from the first page.',
    at,
  });

const otherOrder = (at?: number): Fault =>
  fault('INVALID_VALUE', 'The cursor belongs to another list or another order.', {
    hint: 'Use the order that the cursor was created for, or start again from the first page.',
    at,
  });

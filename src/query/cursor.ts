// Cursors: the sort keys of one row, sealed so that a caller can neither read a cursor nor make one.
//
// Layout: format (1 byte) | key id (4) | IV (12) | ciphertext | tag (16), in base64url. AES-256-GCM with an IV computed from
// the content, so that one row has one cursor; content is padded, so that its length tells little.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { type Fault, fault } from '../base/errors.ts';

export interface CursorContent {
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
const [headerBytes, ivBytes, tagBytes, blockBytes] = [5, 12, 16, 32];
const cursorBytesMin = headerBytes + ivBytes + blockBytes + tagBytes;

/** @param secret 32 bytes or more, the same on every instance */
export function createCursors(secret: Buffer): Cursors {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'cursor/v1', purpose, 32));
  const [key, ivKey] = [derive('encrypt'), derive('iv')];
  const header = Buffer.concat([Buffer.from([format]), derive('id').subarray(0, headerBytes - 1)]);

  function seal(order: string, content: CursorContent): string {
    const plain = pad(JSON.stringify([order, content.keys, content.left]));
    const iv = createHmac('sha256', ivKey).update(plain).digest().subarray(0, ivBytes);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(header);
    const body = [cipher.update(plain), cipher.final()];
    return Buffer.concat([header, iv, ...body, cipher.getAuthTag()]).toString('base64url');
  }

  function open(order: string, cursor: string, at?: number): CursorContent {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length < cursorBytesMin || bytes.toString('base64url') !== cursor) throw noCursor(at);
    if (bytes[0] !== format) throw noCursor(at);
    if (!bytes.subarray(0, headerBytes).equals(header)) throw otherSecret(at);
    const [sealedFor, keys, left] = parse(decrypt(bytes, at));
    if (sealedFor !== order) throw otherOrder(at);
    return { keys, left: left ?? undefined };
  }

  function decrypt(bytes: Buffer, at?: number): string {
    const bodyStart = headerBytes + ivBytes;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(headerBytes, bodyStart), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(header).setAuthTag(bytes.subarray(-tagBytes));
    try {
      return (
        decipher.update(bytes.subarray(bodyStart, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      throw noCursor(at);
    }
  }

  return { seal, open };
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

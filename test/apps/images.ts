// Images that are whole enough for their size to be read; the PNG can be shown.

import { crc32, deflateSync } from 'node:zlib';

/** @param rgb the colour of every pixel */
export function png(width: number, height: number, rgb: readonly number[] = [13, 92, 117]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  // What claims to be huge need not hold its pixels.
  const shown = width * height > 1e6 ? 0 : height;
  const row = Buffer.from([0, ...Array.from({ length: shown ? width : 0 }, () => rgb).flat()]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: shown }, () => row)));
  const chunks = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

export function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from('ffc0000b080000000001011100', 'hex');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const jfif = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
  // A fill byte before a marker is allowed.
  return Buffer.concat([Buffer.from('ffd8', 'hex'), jfif, Buffer.from([0xff]), frame, Buffer.alloc(8)]);
}

export function webp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write('WEBPVP8X', 8, 'latin1');
  bytes.writeUIntLE(width - 1, 24, 3);
  bytes.writeUIntLE(height - 1, 27, 3);
  return bytes;
}

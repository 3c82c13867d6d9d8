// Logos are uploaded by any developer and shown to every user: only small raster images, detected by their bytes and not by what
// the sender calls them. SVG may hold scripts, so it is none of them.

import { type Fault, fault } from '../../base/errors.ts';

export interface Logo {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Buffer;
}

export const logoBytesMax = 262_144;
/** A few kilobytes can claim to be more pixels than a browser has memory for. */
const sideMax = 2_048;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @throws TOO_LARGE, INVALID_VALUE for what is no image of these kinds, or has too many pixels */
export function checkLogo(bytes: Buffer): Logo {
  if (bytes.length > logoBytesMax)
    throw fault('TOO_LARGE', `A logo has at most ${logoBytesMax / 1024} KB.`, { target: 'logo' });
  const type = typeOf(bytes);
  if (!type) throw invalid('A logo is a PNG, JPEG or WebP image.');
  const size = sizes[type](bytes);
  if (!size) throw invalid('The image is damaged.');
  if (Math.min(size.width, size.height) < 1 || Math.max(size.width, size.height) > sideMax)
    throw invalid(`A logo has at most ${sideMax} x ${sideMax} pixels.`);
  return { type, bytes };
}

function typeOf(bytes: Buffer): Logo['type'] | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
  if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

const sizes: Readonly<Record<Logo['type'], (bytes: Buffer) => Size | undefined>> = {
  'image/png': sizeOfPng,
  'image/jpeg': sizeOfJpeg,
  'image/webp': sizeOfWebp,
};

/** https://www.w3.org/TR/png-3/#11IHDR */
function sizeOfPng(bytes: Buffer): Size | undefined {
  if (bytes.length < 33 || textAt(bytes, 12, 16) !== 'IHDR') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** ITU T.81 annex B: segments with their length, until the one of the frame. */
function sizeOfJpeg(bytes: Buffer): Size | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    // A fill byte stands alone, everything else before the frame has a length.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function sizeOfWebp(bytes: Buffer): Size | undefined {
  if (bytes.length < 30) return undefined;
  const kind = textAt(bytes, 12, 16);
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8 ')
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (kind !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

const textAt = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

const invalid = (message: string): Fault => fault('INVALID_VALUE', message, { target: 'logo' });

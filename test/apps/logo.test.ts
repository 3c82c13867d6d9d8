import { describe, expect, test } from 'vitest';
import { checkLogo, logoBytesMax } from '../../src/apps/services/logo.ts';
import { jpeg, png, webp } from './images.ts';

describe('a logo', () => {
  test.each([
    ['image/png', png(64, 64)],
    ['image/jpeg', jpeg(300, 200)],
    ['image/webp', webp(2_048, 1)],
  ])('may be %s', (type, bytes) => {
    expect(checkLogo(bytes).type).toBe(type);
  });

  test.each([
    ['nothing', Buffer.alloc(0), /PNG, JPEG or WebP/],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), /PNG/],
    ['SVG that begins like a comment', Buffer.from('<!-- \x89PNG --><svg/>'), /PNG/],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), /PNG/],
    ['GIF', Buffer.from('GIF89a\x01\x00\x01\x00'), /PNG/],
    ['another kind of RIFF', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), Buffer.alloc(30)]), /PNG/],
    ['a PNG of no more than its signature', png(1, 1).subarray(0, 8), /damaged/],
    ['a JPEG without a frame', jpeg(1, 1).subarray(0, 20), /damaged/],
    [
      'a JPEG that goes on with something else',
      Buffer.concat([jpeg(1, 1).subarray(0, 4), Buffer.alloc(99)]),
      /damaged/,
    ],
    [
      'a WebP of an unknown kind',
      Buffer.from(webp(1, 1).toString('latin1').replace('VP8X', 'VP8Z'), 'latin1'),
      /damaged/,
    ],
    ['a PNG with more pixels than a browser can hold', png(100_000, 100_000), /2048/],
    ['a JPEG that is too wide', jpeg(2_049, 1), /2048/],
    ['a WebP that is too high', webp(1, 2_049), /2048/],
    ['a PNG without pixels', png(0, 9), /2048/],
  ])('may not be %s', (_, bytes, message) => {
    expect(() => checkLogo(bytes)).toThrow(message);
  });

  test('has at most 256 KB', () => {
    const bytes = Buffer.concat([png(64, 64), Buffer.alloc(logoBytesMax)]);
    expect(() => checkLogo(bytes)).toThrow(/256 KB/);
    expect(checkLogo(bytes.subarray(0, logoBytesMax)).type).toBe('image/png');
  });
});

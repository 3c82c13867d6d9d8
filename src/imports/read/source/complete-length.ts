export const carriageReturn = 0x0d;

/**
 * @returns how many bytes make whole characters of UTF-8 and whole line ends: up to three at the end may begin a character
 *   that goes on in the next chunk
 */
export function completeLength(bytes: Buffer): number {
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

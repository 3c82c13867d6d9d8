import { createHash } from 'node:crypto';

/** @param parts everything that determines what a request does @returns a hash that is equal for equal requests */
export function fingerprintOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  // Length prefixes, so that no two lists of parts hash the same text.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

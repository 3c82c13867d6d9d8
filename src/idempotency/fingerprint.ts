import { createHash } from 'node:crypto';

/** @param parts all that a request asks for @returns what tells whether another request asks for the same */
export function fingerprintOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  // The length before each part: no two lists of parts run together to the same text.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

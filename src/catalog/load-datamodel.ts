import { readFileSync } from 'node:fs';
import type { Datamodel } from './datamodel.ts';

/** @returns the Prisma datamodel that `npm run generate` wrote @throws Error saying so when it has not been run */
export function loadDatamodel(): Datamodel {
  const file = new URL('../../prisma/generated/datamodel.json', import.meta.url);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error('The generated Prisma client is missing. Run: npm run generate', { cause });
  }
}

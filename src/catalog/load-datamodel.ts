import { readFileSync } from 'node:fs';
import type { Datamodel } from './datamodel.ts';

/** @returns the Prisma data model that `npm run generate` wrote @throws Error if the file does not exist */
export function loadDatamodel(file: string): Datamodel {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} does not exist or cannot be read. Run: npm run generate`, { cause });
  }
}

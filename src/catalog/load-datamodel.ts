import { readFileSync } from 'node:fs';
import type { Datamodel } from './datamodel.ts';

/** @returns the Prisma datamodel that `npm run generate` wrote @throws Error saying so when it has not been run */
export function loadDatamodel(file: string): Datamodel {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`There is no ${file}. Run: npm run generate`, { cause });
  }
}

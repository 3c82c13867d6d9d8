// Files in schema/ that schema/index.ts does not list: what they declare would silently not be exposed, or not as declared.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EntityDeclaration } from './declare.ts';

const index = 'index.ts';

/**
 * @param folder the folder whose files declare entities, with `index.ts` listing them
 * @param listed the listed declarations
 * @returns a sentence for each file that is not imported, cannot be loaded, or declares an entity that is not listed
 */
export async function unlistedFiles(folder: string, listed: readonly EntityDeclaration[]): Promise<string[]> {
  const files = readdirSync(folder).filter(name => /(?<!\.d)\.[mc]?[jt]s$/.test(name));
  const texts = files.map(name => readFileSync(join(folder, name), 'utf8'));
  const faults: string[] = [];
  for (const name of files.filter(one => one !== index)) {
    const undeclared = await undeclaredIn(join(folder, name), listed);
    if (undeclared !== undefined) faults.push(`schema/${name}: ${undeclared}`);
    else if (!texts.some(text => text.includes(`'./${name}'`) || text.includes(`"./${name}"`)))
      faults.push(`schema/${name}: The file is not imported. List it in schema/index.ts, or remove it.`);
  }
  return faults;
}

/** @returns a message about an entity that a file declares but the list does not contain */
async function undeclaredIn(file: string, listed: readonly EntityDeclaration[]): Promise<string | undefined> {
  let exported: Record<string, unknown>;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (error) {
    return `The file cannot be loaded: ${(error as Error).message}`;
  }
  const models = new Set(listed.map(({ model }) => model as string));
  const missing = Object.values(exported)
    .filter(isDeclaration)
    .find(({ model }) => !models.has(model));
  if (!missing) return undefined;
  return `It declares ${missing.model}, which is not in the list "entities" of schema/index.ts.`;
}

const isDeclaration = (value: unknown): value is EntityDeclaration =>
  typeof value === 'object' && value !== null && 'model' in value && 'set' in value;

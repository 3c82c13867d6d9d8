import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../src/base/database/database.ts';
import type { Catalog } from '../../../src/catalog/catalog.ts';
import { createCatalog } from '../../../src/catalog/create-catalog.ts';
import type { Datamodel } from '../../../src/catalog/datamodel.ts';
import type { EntityDeclaration } from '../../../src/catalog/declare.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

const everyDatamodel: Datamodel = JSON.parse(read('datamodel.json'));

const declarations = [
  { model: 'Gadget', set: 'gadgets', naturalKey: ['code'] },
  { model: 'Part', set: 'parts' },
  { model: 'Host', set: 'hosts' },
] as unknown as EntityDeclaration[];

/** Makes the tables of schema.prisma in this folder. @returns its catalog */
export async function makeEvery(database: Database): Promise<Catalog> {
  for (const statement of read('tables.sql').split(';'))
    if (statement.trim()) await database.query(statement);
  return createCatalog(everyDatamodel, declarations);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../../src/base/config/config.ts';
import type { Database } from '../../../src/base/database/database.ts';
import type { Principal } from '../../../src/base/principal.ts';
import { createCatalog } from '../../../src/catalog/create-catalog.ts';
import type { EntityDeclaration } from '../../../src/catalog/declare.ts';
import type { AggregateQuery } from '../../../src/query/ask/aggregate-query.ts';
import type { EntityQuery, Selection } from '../../../src/query/ask/entity-query.ts';
import type { NumberFormat } from '../../../src/query/ask/output-format.ts';
import { createEngine } from '../../../src/query/create-engine.ts';
import type { Engine } from '../../../src/query/engine.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

const declarations = [
  { model: 'Thing', set: 'things', hidden: ['hidden'] },
  { model: 'Person', set: 'people' },
  { model: 'Room', set: 'rooms' },
  { model: 'Visit', set: 'visits' },
] as unknown as EntityDeclaration[];

/** @returns the engine over the kitchen-sink model, whose tables it creates */
export async function createKitchen(database: Database): Promise<Engine> {
  for (const statement of read('tables.sql').split(';'))
    if (statement.trim()) await database.query(statement);
  const catalog = createCatalog(JSON.parse(read('datamodel.json')), declarations);
  return createEngine({ catalog, database, limits: readConfig({}).limits });
}

export const reader: Principal = {
  kind: 'key',
  id: 'test',
  userId: 'test',
  name: 'test',
  scopes: new Set(['read']),
  scopeKey: 'read',
};

/** @returns the parsed answer of a read */
export async function answer(
  engine: Engine,
  query: EntityQuery | AggregateQuery,
  format: NumberFormat = 'strings',
): Promise<unknown> {
  return JSON.parse((await engine.run(engine.prepare(query, reader, format))).text);
}

export const fields = (...names: string[]): Selection[] =>
  names.map(name => ({ kind: 'field', field: name, as: name }));

/** A read of a whole set, of which parts are given. */
export const many = (entity: string, select: Selection[], more: Partial<EntityQuery> = {}): EntityQuery => ({
  entity,
  select,
  cardinality: 'many',
  ...more,
});

export const related = (relation: string, query: EntityQuery): Selection => ({
  kind: 'relation',
  relation,
  as: relation,
  query,
});

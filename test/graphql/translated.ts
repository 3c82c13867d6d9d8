// GraphQL -> the queries that the waist is given, without a database.

import { parse } from 'graphql';
import project from '../../portolan.config.ts';
import { limitDefaults } from '../../src/base/config/config.ts';
import { createGraphqlApi } from '../../src/graphql/operation/prepared-schema.ts';
import { platform } from '../../src/graphql/platform/platform.ts';
import { catalogOf } from '../../src/project.ts';
import type { AggregateQuery } from '../../src/query/ask/aggregate-query.ts';
import type { EntityQuery } from '../../src/query/ask/entity-query.ts';
import { createCursors } from '../../src/query/cursor/cursor.ts';
import type { Engine } from '../../src/query/engine.ts';
import { cachePermitted } from '../../src/query/permitted/cache.ts';
import { KeptStatistics } from '../../src/query/statistics/statistics.ts';
import { principalWith } from './both-paths.ts';

export const catalog = catalogOf(project);

type Query = EntityQuery | AggregateQuery;

const prepared: Query[] = [];
const recorder: Engine = {
  catalog,
  limits: limitDefaults,
  cursors: createCursors(Buffer.alloc(32)),
  statistics: new KeptStatistics(catalog),
  permitted: cachePermitted(catalog),
  prepare(query) {
    // GraphQL has no pipelines.
    prepared.push(query as Query);
    return { cost: 0, plan: {} } as ReturnType<Engine['prepare']>;
  },
  run: () => Promise.reject(new Error('nothing runs here')),
  runRows: () => Promise.reject(new Error('nothing runs here')),
  runCells: () => Promise.reject(new Error('nothing runs here')),
  completeFaults: error => Promise.resolve(error),
  prepareChange: () => {
    throw new Error('nothing is changed here');
  },
  change: () => Promise.reject(new Error('nothing is changed here')),
  changeEach: () => Promise.reject(new Error('nothing is changed here')),
  permitWrite: () => {
    throw new Error('nothing is changed here');
  },
  writtenBy: () => ({}),
  openUpsert: () => Promise.reject(new Error('nothing is changed here')),
};
export const api = createGraphqlApi({ engine: recorder, platform, limits: limitDefaults });

/** @returns the query of each root field, positions left out @throws what is wrong with the operation */
export function translated(text: string, variables: Readonly<Record<string, unknown>> = {}): Query[] {
  const document = parse(text);
  const principal = principalWith('read');
  const errors = api.validate(document, principal);
  if (errors[0]) throw errors[0];
  return recorded(() => api.prepare({ document, variables, principal, format: 'strings' }));
}

/** @returns the queries that are prepared meanwhile, positions left out */
export function recorded(work: () => unknown): Query[] {
  prepared.length = 0;
  work();
  return withoutPositions(prepared.slice()) as Query[];
}

/** @returns the condition that a `where` on products becomes */
export const condition = (where: string, variables?: Readonly<Record<string, unknown>>, head = '') =>
  translated(`${head} { products(where: ${where}) { id } }`, variables)[0]!.where;

function withoutPositions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPositions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name, item]) => name !== 'at' && name !== 'slot' && item !== undefined,
  );
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutPositions(item)]));
}

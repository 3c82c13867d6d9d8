// Reading a list page by page, as clients of a connection do.

import type { ConnectionMember, EntityQuery, Selection } from '../../src/query/ask/entity-query.ts';
import type { Engine } from '../../src/query/engine.ts';
import { reader } from './kitchen/kitchen.ts';

export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: Readonly<Record<string, unknown>> }[];
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

/** @returns everything that a connection can tell */
export const wholeConnection = (select: readonly Selection[]): ConnectionMember[] => [
  {
    kind: 'edges',
    as: 'edges',
    edge: [
      { kind: 'cursor', as: 'cursor' },
      { kind: 'node', as: 'node', select },
    ],
  },
  { kind: 'nodes', as: 'nodes', select },
  {
    kind: 'pageInfo',
    as: 'pageInfo',
    info: [
      { kind: 'hasNextPage', as: 'hasNextPage' },
      { kind: 'hasPreviousPage', as: 'hasPreviousPage' },
      { kind: 'startCursor', as: 'startCursor' },
      { kind: 'endCursor', as: 'endCursor' },
    ],
  },
  { kind: 'total', as: 'totalCount', estimated: false },
];

/** @returns what a client needs to go on in one direction, and no more */
export const bareConnection = (select: readonly Selection[], backward: boolean): ConnectionMember[] => [
  { kind: 'nodes', as: 'nodes', select },
  {
    kind: 'pageInfo',
    as: 'pageInfo',
    info: backward
      ? [
          { kind: 'hasPreviousPage', as: 'hasPreviousPage' },
          { kind: 'startCursor', as: 'startCursor' },
        ]
      : [
          { kind: 'hasNextPage', as: 'hasNextPage' },
          { kind: 'endCursor', as: 'endCursor' },
        ],
  },
];

/** @param query with `select` for the rows @returns one page of it */
export async function readPage(
  engine: Engine,
  query: EntityQuery,
  connection = wholeConnection(query.select),
): Promise<Connection> {
  const { text } = await engine.run(engine.prepare({ ...query, select: [], connection }, reader, 'strings'));
  return JSON.parse(text) as Connection;
}

/** @param sizeOf gives the size of each page @returns the pages from the first to the last, or from the last to the first */
export async function walk(
  engine: Engine,
  query: EntityQuery,
  sizeOf: () => number,
  backward = false,
  connection = wholeConnection(query.select),
): Promise<Connection[]> {
  const pages: Connection[] = [];
  for (let cursor: string | undefined; ; ) {
    const bound = backward ? { before: cursor, backward } : { after: cursor };
    const page = await readPage(engine, { ...query, ...bound, take: sizeOf() }, connection);
    pages.push(page);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    if (!(backward ? hasPreviousPage : hasNextPage)) return pages;
    cursor = (backward ? startCursor : endCursor)!;
  }
}

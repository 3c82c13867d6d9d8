// A connection at the root: turns the page's rows, the columns before them and the cursors into JSON.

import type { RawRow } from '../../base/database/database.ts';
import type { PageInfoKind } from '../ask/entity-query.ts';
import type { BoundConnectionMember, BoundEdgeMember, BoundQuery, BoundSelection } from '../bound/query.ts';
import { type ObjectShape, type RowShape, type RowWriter, rowWriter } from './row-shape.ts';

/** A page, once its rows have been read. */
export interface PageFacts {
  /** In the order of the list. */
  readonly rows: readonly RawRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** The columns before those of the rows. */
  readonly head: RawRow;
}

export type ConnectionWriter = (page: PageFacts) => string;

interface PageWriters {
  readonly shapeOf: (select: readonly BoundSelection[], path: string) => ObjectShape;
  /** @returns a row's cursor */
  readonly cursor: (row: RawRow) => string;
  readonly totalColumn: (estimated: boolean) => number;
}

/** Whether anything except totals is requested. */
export const needsRows = ({ connection }: BoundQuery): boolean =>
  !connection || connection.some(({ kind }) => kind !== 'total' && kind !== 'constant');

/** Which totals are requested. */
export const totalsOf = ({ connection = [] }: BoundQuery): { exact: boolean; estimated: boolean } => {
  const totals = connection.filter(member => member.kind === 'total');
  return {
    exact: totals.some(member => !member.estimated),
    estimated: totals.some(member => member.estimated),
  };
};

export const asksPageInfo = ({ connection = [] }: BoundQuery, kind: PageInfoKind): boolean =>
  connection.some(member => member.kind === 'pageInfo' && member.info.some(part => part.kind === kind));

/** Whether any cursor is requested. */
export const asksCursors = (query: BoundQuery): boolean =>
  asksPageInfo(query, 'startCursor') ||
  asksPageInfo(query, 'endCursor') ||
  (query.connection ?? []).some(
    member => member.kind === 'edges' && member.edge.some(part => part.kind === 'cursor'),
  );

/** @returns a function that writes the whole connection as a JSON object */
export function connectionWriter(
  members: readonly BoundConnectionMember[],
  parts: PageWriters,
): ConnectionWriter {
  const writers = members.map(member => ({ as: member.as, write: memberWriter(member, parts) }));
  return page => `{${writers.map(({ as, write }) => `${JSON.stringify(as)}:${write(page)}`).join(',')}}`;
}

function memberWriter(member: BoundConnectionMember, parts: PageWriters): ConnectionWriter {
  switch (member.kind) {
    case 'constant':
      return () => JSON.stringify(member.value);
    case 'total': {
      const column = parts.totalColumn(member.estimated);
      return ({ head }) => head[column]!;
    }
    case 'nodes':
      return listWriter(rowWriter(parts.shapeOf(member.select, member.as)));
    case 'edges':
      return listWriter(rowWriter(edgeShape(member, parts)));
    case 'pageInfo': {
      const writers = member.info.map(part => {
        const write = part.kind === 'constant' ? () => JSON.stringify(part.value) : infoWriters[part.kind];
        return (page: PageFacts) => `${JSON.stringify(part.as)}:${write(page, parts.cursor)}`;
      });
      return page => `{${writers.map(write => write(page)).join(',')}}`;
    }
  }
}

const listWriter =
  (write: RowWriter): ConnectionWriter =>
  ({ rows }) =>
    `[${rows.map(write).join(',')}]`;

function edgeShape({ as, edge }: BoundConnectionMember & { kind: 'edges' }, parts: PageWriters): ObjectShape {
  return {
    kind: 'object',
    members: edge.map(part => ({ as: part.as, shape: edgePartShape(part, as, parts) })),
  };
}

function edgePartShape(part: BoundEdgeMember, path: string, { shapeOf, cursor }: PageWriters): RowShape {
  if (part.kind === 'constant') return { kind: 'fixed', json: JSON.stringify(part.value) };
  if (part.kind === 'node') return shapeOf(part.select, `${path}.${part.as}`);
  return { kind: 'written', write: row => `"${cursor(row)}"` };
}

const infoWriters: Readonly<
  Record<PageInfoKind, (page: PageFacts, cursor: (row: RawRow) => string) => string>
> = {
  hasNextPage: ({ hasNextPage }) => String(hasNextPage),
  hasPreviousPage: ({ hasPreviousPage }) => String(hasPreviousPage),
  startCursor: ({ rows }, cursor) => quotedOrNull(rows[0], cursor),
  endCursor: ({ rows }, cursor) => quotedOrNull(rows.at(-1), cursor),
};

const quotedOrNull = (row: RawRow | undefined, cursor: (row: RawRow) => string): string =>
  row ? `"${cursor(row)}"` : 'null';

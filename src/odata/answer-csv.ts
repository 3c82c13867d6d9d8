// Streams a whole set as CSV, page by page, as fast as the client reads. Each page is a statement of its own that starts
// where the last one ended: no row comes twice and no transaction waits for a slow client, but there is no single snapshot.

import type { Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Column } from '../formats/columns.ts';
import { csvWriter } from '../formats/csv.ts';
import { type Chunk, toBody } from '../formats/streamed-body.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { EntityQuery } from '../query/ask/entity-query.ts';
import type { PreparedRead } from '../query/plan/prepared-read.ts';
import { notFound } from './answer/not-found.ts';
import type { Service } from './model/service.ts';

export interface PreparedCsv {
  readonly kind: 'csv';
  readonly set: string;
  readonly query: EntityQuery;
  readonly first: PreparedRead;
  /** Checks that the parent entity in the path exists. */
  readonly parent?: PreparedRead;
  readonly columns: readonly Column[];
}

interface CsvCall {
  readonly request: Incoming;
  readonly principal: Principal;
  readonly session?: Session;
}

/** Rows per page. */
export const csvPageRows = 2_000;

/** @throws NOT_FOUND, and whatever the engine throws; an error while streaming cuts the response off instead */
export async function answerCsv(
  service: Service,
  prepared: PreparedCsv,
  { request, principal, session }: CsvCall,
): Promise<Answer> {
  const parent = prepared.parent && (await service.engine.run(prepared.parent, request.signal, session));
  if (parent?.text === 'null') throw notFound();
  const body = await toBody(chunks(service, prepared, { request, principal, session }));
  const headers = {
    'content-type': 'text/csv;charset=utf-8;header=present',
    'content-disposition': `attachment; filename="${prepared.set}.csv"`,
  };
  return { status: 200, headers, body };
}

async function* chunks(
  { engine }: Service,
  { query, first, columns }: PreparedCsv,
  { request: { signal }, principal, session }: CsvCall,
): AsyncGenerator<Chunk> {
  const writer = csvWriter(columns, { delimiter: ',', guard: true });
  yield writer.header;
  for (let read = first; ; ) {
    const { rows, next } = await engine.runCells(read, signal, session);
    yield writer.lines(rows);
    if (next === undefined) return;
    const { skip: _, ...rest } = query;
    read = engine.prepare({ ...rest, after: next }, principal, csvFormat);
  }
}

/** Bytes and infinite numbers as OData writes them. */
export const csvFormat = 'odata-strings';

// Reads a query page by page, each by a statement of its own that starts where the last one ended: no connection is held
// between two pages, and the next page is read while the client takes this one.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Session } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import type { EntityQuery } from '../query/ask/entity-query.ts';
import type { RowsAnswer } from '../query/ask/read-answer.ts';
import type { Engine } from '../query/engine.ts';
import type { PreparedRead } from '../query/plan/prepared-read.ts';

export interface PageSource<Row> {
  readonly engine: Engine;
  readonly principal: Principal;
  /** The list, with its limit and where it starts. */
  readonly query: EntityQuery;
  /** Runs one page. */
  readonly run: (read: PreparedRead, signal: AbortSignal, session?: Session) => Promise<RowsAnswer<Row>>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** Rows of a page, which the query engine lowers for expensive ones. */
const pageRows = 5_000;

/** Numbers with all their digits, times with their microseconds. */
const format = 'exact-numbers';

/** @returns the first page, for its errors to be known before anything is sent @throws Fault, as `Engine.prepare` */
export const prepareFirst = <Row>({ engine, principal, query }: PageSource<Row>): PreparedRead =>
  engine.prepare(pageOf(engine, query, pageRows), principal, format);

const pageOf = ({ limits }: Engine, query: EntityQuery, take: number): EntityQuery => ({
  ...query,
  take: Math.min(take, limits.takeMax),
  pageable: true,
  next: true,
});

/**
 * @param session of a transaction to read in
 * @throws what the engine throws; LIMIT_EXCEEDED for a nested list that does not fit
 */
export async function* readPages<Row>(
  source: PageSource<Row>,
  session?: Session,
): AsyncGenerator<RowsAnswer<Row>> {
  if (source.query.limit === 0) return;
  const left = new AbortController();
  const signal = AbortSignal.any([source.signal, left.signal]);
  const reader = new PageReader({ ...source, signal }, session);
  // Connections are shared out by the credential of the request, which the reader of the stream does not know.
  const inRequest = AsyncLocalStorage.snapshot();
  let upcoming: Promise<RowsAnswer<Row>> | undefined;
  const start = (after: string | undefined) => {
    upcoming = inRequest(() => reader.read(after));
    // It is awaited later, or not at all.
    upcoming.catch(() => {});
  };
  try {
    start(source.query.after);
    while (upcoming) {
      const page: RowsAnswer<Row> = await upcoming;
      upcoming = undefined;
      if (page.next !== undefined) start(page.next);
      yield page;
    }
  } finally {
    left.abort();
    await upcoming?.catch(() => {});
  }
}

class PageReader<Row> {
  readonly #source: PageSource<Row>;
  readonly #session?: Session;
  #take = pageRows;

  constructor(source: PageSource<Row>, session: Session | undefined) {
    this.#source = source;
    this.#session = session;
  }

  /** A page whose nested lists were cut is read again with fewer rows, so that each has more room. */
  async read(after: string | undefined): Promise<RowsAnswer<Row>> {
    const { engine, principal, query, run, signal } = this.#source;
    for (;;) {
      const read = engine.prepare(pageOf(engine, { ...query, after }, this.#take), principal, format);
      const page = await run(read, signal, this.#session);
      const cut = page.truncated.find(path => path !== '');
      if (cut === undefined) {
        this.#take = Math.min(pageRows, this.#take * 2);
        return page;
      }
      if (page.rows.length <= 1) throw tooManyRelated(cut, engine.limits.takeDefault);
      this.#take = Math.ceil(page.rows.length / 4);
    }
  }
}

const tooManyRelated = (path: string, max: number) =>
  fault(
    'LIMIT_EXCEEDED',
    `A record has more than ${max} records in "${path}", too many for one row of an export.`,
    {
      hint: `Say how many you need, such as ${path}(take: 10), or export the related set itself.`,
      target: path,
    },
  );

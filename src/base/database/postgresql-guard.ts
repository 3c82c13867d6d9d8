// Looks after the statements that run on PostgreSQL where something is in their way: those that wait for locks are not to
// hold all connections, and those whose server has gone silent are not to wait for ever.

import pg from 'pg';
import type { Logger } from '../log.ts';
import { unreachable } from './errors.ts';
import type { Watched } from './statement-watch.ts';

/** How long a request waits for a connection before lock waits are queried. */
const waitMs = 100;
/** A table whose readers wait so long is locked as a whole. */
const lockedMs = 250;
/** Waits for other locks, such as those of rows, are often short and many. */
const lockWaitMs = 1_000;
/** A statement that takes so long makes it worth asking whether the server still answers. */
const longMs = 3_000;
/** A server that says nothing for so long will not answer what was sent before, either. */
const silentMs = 5_000;
const askPauseMs = 100;
/** What was heard so long ago is not known any more. */
const knownMs = 1_000;
/** The connection for questions is closed when none was asked for so long. */
const idleMs = 10_000;

type Running = Watched<pg.PoolClient>;

export interface GuardParts {
  readonly settings: pg.ClientConfig;
  readonly log: Logger;
  /** Connections on which one kind of lock may be waited for. */
  readonly waitersMax: number;
  /** @returns how long the longest waiter has been waiting for a connection */
  readonly waitingMs: () => number;
  /** Cancels a statement. */
  readonly abort: (running: Running, reason: Error) => void;
}

interface LockWait {
  readonly processId: number;
  /** The table; undefined for locks of rows and transactions. */
  readonly table: string | undefined;
  readonly isRead: boolean;
  readonly ms: number;
}

export class PostgresqlGuard {
  readonly #parts: GuardParts;
  #client: pg.Client | undefined;
  #idle: NodeJS.Timeout | undefined;
  #asking = false;
  #askedAt = 0;
  #silent = false;
  /** Tables that cannot even be read at present. */
  #locked: readonly string[] = [];

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** @returns why a statement is not to be sent: it would wait for a lock, as others do already */
  readonly refusalOf = (text: string): Error | undefined => {
    if (this.#locked.length === 0 || performance.now() - this.#askedAt > knownMs) return undefined;
    const table = this.#locked.find(name => text.includes(`"${name}"`));
    return table === undefined ? undefined : lockedFault(table);
  };

  /** To be called regularly while statements run. */
  look(running: ReadonlySet<Running>, now: number): void {
    if (this.#asking || now - this.#askedAt < askPauseMs) return;
    const isBlocked = this.#locked.length > 0 || this.#parts.waitingMs() > waitMs;
    const isLong = now - this.#askedAt > longMs / 3 && [...running].some(one => now - one.since > longMs);
    if (isBlocked || isLong) void this.#ask(running, now);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #ask(running: ReadonlySet<Running>, now: number): Promise<void> {
    this.#asking = true;
    this.#askedAt = now;
    try {
      const waits = await this.#lockWaits([...running].map(({ client }) => processIdOf(client)));
      if (this.#silent) this.#parts.log.info('the database answers again');
      this.#silent = false;
      this.#hold(running, waits);
    } catch (error) {
      this.#locked = [];
      this.#drop();
      if (!(error instanceof pg.DatabaseError)) this.#endSilent(running, now, error as Error);
    } finally {
      this.#asking = false;
    }
  }

  async #lockWaits(processIds: readonly number[]): Promise<LockWait[]> {
    const client = await this.#connected();
    const { rows } = await client.query<(string | null)[]>({
      text: waitsText,
      values: [processIds],
      rowMode: 'array',
    });
    return rows.map(([processId, table, isRead, ms]) => ({
      processId: Number(processId),
      table: table ?? undefined,
      isRead: isRead === 'read',
      ms: Number(ms),
    }));
  }

  async #connected(): Promise<pg.Client> {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleMs).unref();
    if (this.#client) return this.#client;
    const client = new pg.Client({
      ...this.#parts.settings,
      connectionTimeoutMillis: silentMs,
      query_timeout: silentMs,
    });
    client.on('error', () => this.#drop(client));
    this.#client = client;
    await client.connect();
    return client;
  }

  /** Its end is not waited for: it may never come. */
  #drop(client = this.#client): void {
    if (this.#client === client) this.#client = undefined;
    streamOf(client)?.destroy();
  }

  /** Only the first few statements may wait for one lock; the others are cancelled. */
  #hold(running: ReadonlySet<Running>, waits: readonly LockWait[]): void {
    const isLocked = ({ table, isRead, ms }: LockWait) => table !== undefined && isRead && ms > lockedMs;
    this.#locked = [...new Set(waits.filter(isLocked).map(({ table }) => table!))];
    const kinds = new Map<string, { readonly one: Running; readonly wait: LockWait }[]>();
    for (const one of running) {
      const wait = waits.find(({ processId }) => processId === processIdOf(one.client));
      if (!wait || one.patient || one.cancelling || this.#parts.waitingMs() <= waitMs) continue;
      if (wait.ms < (isLocked(wait) ? lockedMs : lockWaitMs)) continue;
      const kind = wait.table ?? '';
      kinds.set(kind, [...(kinds.get(kind) ?? []), { one, wait }]);
    }
    for (const [kind, same] of kinds) {
      const late = same.sort((a, b) => b.wait.ms - a.wait.ms).slice(this.#parts.waitersMax);
      for (const { one } of late) this.#parts.abort(one, lockedFault(kind));
    }
  }

  /** What was sent before the question gets no answer either: other connections go the same way. */
  #endSilent(running: ReadonlySet<Running>, askedAt: number, error: Error): void {
    if (!this.#silent) this.#parts.log.warn({ error }, 'the database does not answer');
    this.#silent = true;
    for (const { client, since } of running)
      if (since < askedAt) endConnection(client, unreachable('The database does not answer.', error));
  }
}

/** Nothing that is sent later can be met any more, and what runs fails with the reason. */
export function endConnection(client: pg.ClientBase, reason: Error): void {
  streamOf(client)?.destroy(reason);
}

const lockedFault = (table: string): Error =>
  unreachable(
    table === ''
      ? 'Another transaction has locked what this request needs, and others wait for it already.'
      : `The table ${table} is locked by another program, and others wait for it already.`,
  );

type Insides = {
  readonly connection?: { readonly stream: { destroy(error?: Error): void } };
  processID: number;
};

const streamOf = (client: pg.ClientBase | undefined) =>
  (client as unknown as Insides | undefined)?.connection?.stream;

const processIdOf = (client: pg.ClientBase): number => (client as unknown as Insides).processID;

/** Advisory locks are our own, and meant to be waited for. */
const waitsText = `SELECT l.pid::text, c.relname::text, CASE l.mode WHEN 'AccessShareLock' THEN 'read' END,
  (extract(epoch FROM clock_timestamp() - coalesce(l.waitstart, a.query_start)) * 1000)::text
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
LEFT JOIN pg_class c ON c.oid = l.relation AND l.locktype = 'relation'
WHERE NOT l.granted AND l.locktype <> 'advisory' AND l.pid = ANY ($1::int[])`;

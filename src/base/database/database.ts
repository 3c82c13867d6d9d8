// One interface over both databases: PostgreSQL, and the embedded one behind the same driver.

import type pg from 'pg';

/** A value in PostgreSQL's text format. */
export type RawValue = string | null;
export type RawRow = readonly RawValue[];

/** What a parameter may be: `pg` turns it into text. Arrays become PostgreSQL arrays. */
export type Parameter = string | number | bigint | boolean | null | Buffer | readonly Parameter[];

export interface RawResult {
  readonly rows: readonly RawRow[];
  /** Rows read or changed. */
  readonly rowCount: number;
  /** Where `described` was requested: what each statement of the text returned. */
  readonly sets?: readonly DescribedRows[];
}

export interface Column {
  readonly name: string;
  /** The type's OID. */
  readonly type: number;
}

export interface DescribedRows {
  readonly columns: readonly Column[];
  readonly rows: readonly RawRow[];
}

export interface QueryOptions {
  /** Name of the prepared statement. Equal names must mean equal texts. */
  readonly name?: string;
  /** When it aborts, the statement is cancelled in the database. */
  readonly signal?: AbortSignal;
  /** Whether the result says which columns it has. */
  readonly described?: boolean;
}

export interface Session {
  query(text: string, values?: readonly Parameter[], options?: QueryOptions): Promise<RawResult>;
}

export interface TransactionOptions {
  /** How long each statement may take, instead of what is configured; 0 for any time. */
  readonly statementTimeoutMs?: number;
  /** Whether it only reads, and everything as it is when it begins (REPEATABLE READ). */
  readonly snapshot?: boolean;
  /** Settings of the transaction, such as `portolan.actor`, for triggers to read. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Listening to the notifications of a channel. */
export interface Listening {
  close(): Promise<void>;
}

/**
 * @param channel an identifier that needs no quotes
 * @param heard called with the payload of each notification; without one whenever the connection is there again after it
 *   was lost, as something may have been missed meanwhile
 */
export type Listen = (channel: string, heard: (payload?: string) => void) => Listening;

export interface Database extends Session {
  readonly kind: 'embedded' | 'postgresql';
  /** For Prisma's adapter. */
  readonly pool: pg.Pool;
  /**
   * Runs work in one transaction: committed when it returns, rolled back when it throws. Inside it, only its session may
   * be used: the database's own `query` throws.
   */
  transaction<T>(work: (session: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  readonly listen: Listen;
  /** Waits for what runs, then closes. */
  close(): Promise<void>;
}

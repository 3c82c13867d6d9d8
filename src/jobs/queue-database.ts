// Our database as pg-boss expects one: statements pass the same pool, queue and session settings as all others.

import pg from 'pg';
import type { Database, DescribedRows, Parameter, RawResult, Session } from '../base/database/database.ts';
import { inTransaction } from './install-jobs.ts';

type Row = Record<string, unknown>;

export interface QueueSession {
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
}

export interface QueueDatabase extends QueueSession {
  listen(
    channel: string,
    onNotification: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }>;
}

/** @returns what pg-boss runs its statements on */
export const queueDatabase = (database: Database): QueueDatabase => ({
  async executeSql(text, values) {
    if (!isScript(text)) return run(database, text, values);
    // Its own BEGIN and COMMIT would leave the connection in a failed transaction after an error.
    return database.transaction(session => run(session, inTransaction(text), values));
  },
  async listen(channel, onNotification, onReconnect) {
    return database.listen(channel, payload =>
      payload === undefined ? onReconnect() : onNotification(payload),
    );
  },
});

/** For what belongs to a caller's transaction. */
export const queueSession = (session: Session): QueueSession => ({
  executeSql: (text, values) => run(session, text, values),
});

const isScript = (text: string): boolean => /^\s*BEGIN;/.test(text);

async function run(
  session: Session,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ rows: Row[] }> {
  const result = await session.query(text, values.map(toParameter), { described: true });
  return { rows: toObjects(result) };
}

const toObjects = ({ sets = [] }: RawResult): Row[] => sets.flatMap(set => set.rows.map(rowOf(set)));

function rowOf({ columns }: DescribedRows) {
  const readers = columns.map(
    ({ type }) => pg.types.getTypeParser(type, 'text') as (text: string) => unknown,
  );
  return (row: readonly (string | null)[]): Row =>
    Object.fromEntries(
      columns.map(({ name }, index) => {
        const value = row[index] ?? null;
        return [name, value === null ? null : readers[index]!(value)];
      }),
    );
}

/** Objects are JSON, as `pg` sends them. */
function toParameter(value: unknown): Parameter {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toParameter);
  if (typeof value === 'object' && !Buffer.isBuffer(value)) return JSON.stringify(value);
  return value as Parameter;
}

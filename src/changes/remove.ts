// Takes the triggers of the change log away, for whoever wants a database without this server.

import type { Database } from '../base/database/database.ts';
import { lockMigrations } from '../base/database/migrate.ts';
import { fault } from '../base/errors.ts';
import { identifier } from '../query/sql/text.ts';
import { namePrefix } from './log-function.ts';

/** What writes the log of one table. */
export interface LogTriggers {
  /** Name of the function that the triggers call. */
  readonly name: string;
  /** The tables whose triggers call it: one, or none where they were dropped by hand. */
  readonly tables: readonly string[];
}

/** @returns all triggers of the change log that are in the database, whatever is exposed */
export async function logTriggers(database: Pick<Database, 'query'>): Promise<LogTriggers[]> {
  const { rows } = await database.query(
    `SELECT p.proname, (SELECT to_json(array_agg(DISTINCT c.relname ORDER BY c.relname))
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgfoid = p.oid)
     FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND starts_with(p.proname, $1) ORDER BY 1`,
    [namePrefix],
  );
  return rows.map(([name, tables]) => ({ name: name!, tables: JSON.parse(tables ?? '[]') }));
}

/** Whoever waits for a table holds up all who come after, so nobody waits long. */
const lockMs = 10_000;
const lockNotAvailable = '55P03';

/** What was logged is kept. @throws CONFLICT where somebody holds a table: what was removed until then stays removed */
export async function removeLogTriggers(database: Database, { name, tables }: LogTriggers): Promise<void> {
  try {
    await database.transaction(async session => {
      await session.query(`SET LOCAL lock_timeout = ${lockMs}`);
      await lockMigrations(session);
      await session.query(`DROP FUNCTION IF EXISTS ${identifier(name)}() CASCADE`);
    });
  } catch (error) {
    if ((error as { code?: string }).code !== lockNotAvailable) throw error;
    throw fault('CONFLICT', `Another program holds the table ${tables.join(', ') || name}.`, {
      hint: 'End its transaction, then run the command again.',
      cause: error,
    });
  }
}

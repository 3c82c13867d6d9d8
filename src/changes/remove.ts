// Removes the triggers of the change log from a database that is used on without this server.

import type { Database } from '../base/database/database.ts';
import { lockMigrations } from '../base/database/migrate.ts';
import { fault } from '../base/errors.ts';
import { type PresentFunction, presentFunctions } from './present-functions.ts';

/** What writes the log of one table. */
export type LogTriggers = Pick<PresentFunction, 'name' | 'signature' | 'tables'>;

/** @returns all triggers of the change log that are in the database, whatever is exposed */
export const logTriggers = (database: Pick<Database, 'query'>): Promise<LogTriggers[]> =>
  presentFunctions(database);

/** Every later statement on the table queues behind a DROP that waits for its lock. */
const lockMs = 10_000;
const lockNotAvailable = '55P03';

/**
 * Logged changes are kept.
 * @throws CONFLICT when another transaction holds a table. What was removed before that stays removed.
 */
export async function removeLogTriggers(
  database: Database,
  { name, signature, tables }: LogTriggers,
): Promise<void> {
  try {
    await database.transaction(async session => {
      await session.query(`SET LOCAL lock_timeout = ${lockMs}`);
      await lockMigrations(session);
      await session.query(`DROP FUNCTION IF EXISTS ${signature} CASCADE`);
    });
  } catch (error) {
    if ((error as { code?: string }).code !== lockNotAvailable) throw error;
    throw fault('CONFLICT', `The table ${tables.join(', ') || name} is locked by another program.`, {
      hint: 'End its transaction, then run the command again.',
      cause: error,
    });
  }
}

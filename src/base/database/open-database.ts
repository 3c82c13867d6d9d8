import type { Config } from '../config/config.ts';
import type { Logger } from '../log.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { openPostgresql } from './postgresql.ts';

/**
 * Opens PostgreSQL where the configuration names one, else the embedded database in `dataDir`.
 * @throws UNAVAILABLE or CONFLICT, with a message for the operator
 */
export function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'databasePoolMax' | 'statementTimeoutMs' | 'dataDir'> &
    Partial<Pick<Config, 'lockTimeoutMs'>>,
  log: Logger,
): Promise<Database> {
  const { databaseUrl } = config;
  return databaseUrl === undefined ? openEmbedded(config) : openPostgresql({ ...config, databaseUrl }, log);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../base/config/config.ts';
import { fault } from '../../base/errors.ts';

/** Opening would create an empty database, probably in the wrong folder. @throws NOT_FOUND */
export function requireDatabase({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): void {
  if (databaseUrl !== undefined || existsSync(join(dataDir, 'database'))) return;
  throw fault('NOT_FOUND', `No database found in ${dataDir}.`, {
    hint: 'Start the server once, set DATA_DIR, or set PORTOLAN_URL and PORTOLAN_API_KEY to use a running server.',
  });
}

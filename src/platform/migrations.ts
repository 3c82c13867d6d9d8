import { fileURLToPath } from 'node:url';
import type { MigrationStream } from '../base/database/migrate.ts';

/** The migrations of Portolan's own tables. They apply before the project's. */
export const platformMigrations: MigrationStream = {
  folder: fileURLToPath(new URL('migrations', import.meta.url)),
  schema: '"portolan"',
  records: '"portolan"."migration"',
};

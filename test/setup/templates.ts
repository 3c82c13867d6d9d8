import { pino } from 'pino';
import project from '../../portolan.config.ts';
import { loadDemo } from '../../prisma/demo/load-demo.ts';
import type { Database } from '../../src/base/database/database.ts';
import { installChangeLog } from '../../src/changes/install.ts';
import { installJobs } from '../../src/jobs/install-jobs.ts';
import { migrateAll } from '../../src/platform/migrate-all.ts';
import { catalogOf } from '../../src/project.ts';
import { installSearchIndexes } from '../../src/query/install-search.ts';

/** Migrated databases to be copied. */
export interface Templates {
  readonly kind: Database['kind'];
  /** Embedded: the folder for this run's copies. PostgreSQL: the URL of a database to create others from. */
  readonly place: string;
  /** What begins the name of every database or folder of this run. */
  readonly prefix: string;
  /** A DATA_DIR, or a database's name. */
  readonly plain: string;
  /** The same with the demo catalogue in it. */
  readonly demo: string;
  /** Why there is no demo catalogue, if it cannot be loaded. Only tests that need it fail. */
  readonly demoFailure?: string;
}

export interface MadeTemplates {
  readonly templates: Templates;
  /** Removes the run's databases, also those that a test left behind. */
  readonly remove: () => Promise<void>;
}

const log = pino({ level: 'silent' });

export async function fillPlain(database: Database): Promise<void> {
  const catalog = catalogOf(project);
  await migrateAll(database, project.migrations, log);
  await installJobs(database);
  await installSearchIndexes(database, catalog);
  await installChangeLog(database, catalog);
}

/** @returns why the demo catalogue cannot be loaded, or undefined when it is */
export async function fillDemo(database: Database): Promise<string | undefined> {
  try {
    await loadDemo(database, log);
    // As on a first start, where the triggers come after the demo.
    await database.query('truncate "portolan"."change" restart identity');
    return undefined;
  } catch (error) {
    return (error as Error).stack ?? String(error);
  }
}

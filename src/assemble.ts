// Puts a server together, for the process, the command line and the tests.

import { type App, createApp } from './app.ts';
import { type Auth, createAuth } from './auth/create-auth.ts';
import { type FirstStart, isFirstStart, prepareFirstStart } from './auth/first-start.ts';
import type { Config } from './base/config/config.ts';
import type { Database } from './base/database/database.ts';
import type { Logger } from './base/log.ts';
import type { Catalog } from './catalog/catalog.ts';
import { installChangeLog } from './changes/install.ts';
import { installJobs } from './jobs/install-jobs.ts';
import { migrateAll } from './platform/migrate-all.ts';
import { createPrisma, type PrismaClient } from './platform/prisma.ts';
import type { Project } from './project.ts';
import { createEngine } from './query/create-engine.ts';
import type { Engine } from './query/engine.ts';
import { installSearchIndexes } from './query/install-search.ts';
import { keepStatistics } from './query/statistics/keep.ts';
import { deriveSecret, loadPeppers, newestPepper } from './safestore/peppers.ts';

export interface Foundation {
  readonly project: Project;
  readonly catalog: Catalog;
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  /** Whether cost estimates use the tables' statistics. Default: true; tests with fixed figures turn it off. */
  readonly statistics?: boolean;
}

/** The services that work with or without a running server. */
export interface Core extends Foundation, AsyncDisposable {
  readonly prisma: PrismaClient;
  readonly auth: Auth;
}

export interface Assembly extends Core {
  readonly engine: Engine;
  readonly app: App;
  /** What the first start created: shown once. */
  readonly firstStart?: FirstStart;
}

/** @param foundation with a migrated database. Disposing of the result leaves the database open */
export async function assembleCore(foundation: Foundation): Promise<Core> {
  const { catalog, config, log, database } = foundation;
  await using closing = new AsyncDisposableStack();
  const prisma = closing.adopt(createPrisma(database), client => client.$disconnect());
  const auth = closing.adopt(createAuth({ database, prisma, config, log, catalog }), it => it.close());
  const open = closing.move();
  return { ...foundation, prisma, auth, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/**
 * Migrates the database, and puts a server together over it. Disposing of it stops everything except the database.
 * @throws Fault for problems that the operator can fix
 */
export async function assemble(foundation: Foundation): Promise<Assembly> {
  const { project, catalog, config, log, database } = foundation;
  await using closing = new AsyncDisposableStack();
  const core = closing.use(await assembleCore(foundation));
  const { prisma, auth } = core;
  await migrateAll(database, project.migrations, log);
  await installJobs(database);
  await installSearchIndexes(database, catalog);
  const cursorSecret = deriveSecret(newestPepper(loadPeppers(config)), 'cursors');
  const engine = createEngine({ catalog, database, limits: config.limits, cursorSecret });
  const keeper =
    foundation.statistics === false
      ? undefined
      : closing.adopt(keepStatistics({ database, catalog, statistics: engine.statistics, log }), it =>
          it.close(),
        );
  const app = closing.adopt(createApp({ project, config, log, database, prisma, engine, auth }), it =>
    it.close(),
  );
  // The administrator is created last: once it exists, its key must reach the screen.
  if (await wantsDemo(foundation, prisma)) await project.loadDemo?.(database, log);
  await installChangeLog(database, catalog);
  await keeper?.refresh();
  const firstStart = await prepareFirstStart({ prisma, config, auth, catalog, log });
  const open = closing.move();
  return { ...core, engine, app, firstStart, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const wantsDemo = async ({ config, database }: Foundation, prisma: PrismaClient): Promise<boolean> =>
  config.demoData ?? (database.kind === 'embedded' && (await isFirstStart(prisma)));

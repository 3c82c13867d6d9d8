// One assembly for all who need a server or its parts: the process, the command line, the tests.

import { type App, createApp } from './app.ts';
import { type Auth, createAuth } from './auth/create-auth.ts';
import { type FirstStart, isFirstStart, prepareFirstStart } from './auth/first-start.ts';
import type { Config } from './base/config/config.ts';
import type { Database } from './base/database/database.ts';
import type { Logger } from './base/log.ts';
import type { Catalog } from './catalog/catalog.ts';
import { installChangeLog } from './changes/install.ts';
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
  /** Whether estimates follow the tables' statistics. Default: true; tests with fixed figures go without. */
  readonly statistics?: boolean;
}

/** What works on stored data, whether it is served or not. */
export interface Core extends Foundation, AsyncDisposable {
  readonly prisma: PrismaClient;
  readonly auth: Auth;
}

export interface Assembly extends Core {
  readonly engine: Engine;
  readonly app: App;
  /** What the first start made: shown once. */
  readonly firstStart?: FirstStart;
}

/** @returns the parts over a database that is up to date. Disposing of them leaves the database open */
export async function assembleCore(foundation: Foundation): Promise<Core> {
  const { catalog, config, log, database } = foundation;
  await using closing = new AsyncDisposableStack();
  const prisma = closing.adopt(createPrisma(database), client => client.$disconnect());
  const auth = closing.adopt(createAuth({ database, prisma, config, log, catalog }), it => it.close());
  const open = closing.move();
  return { ...foundation, prisma, auth, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/**
 * Brings the database up to date, and puts a server together over it. Disposing of it stops everything but the database.
 * @throws Fault for what whoever starts it can repair
 */
export async function assemble(foundation: Foundation): Promise<Assembly> {
  const { project, catalog, config, log, database } = foundation;
  await using closing = new AsyncDisposableStack();
  const core = closing.use(await assembleCore(foundation));
  const { prisma, auth } = core;
  await migrateAll(database, project.migrations, log);
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
  // The administrator last: once made, the key must reach the screen.
  if (await wantsDemo(foundation, prisma)) await project.loadDemo?.(database, log);
  await installChangeLog(database, catalog);
  await keeper?.refresh();
  const firstStart = await prepareFirstStart({ prisma, config, auth, catalog, log });
  const open = closing.move();
  return { ...core, engine, app, firstStart, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const wantsDemo = async ({ config, database }: Foundation, prisma: PrismaClient): Promise<boolean> =>
  config.demoData ?? (database.kind === 'embedded' && (await isFirstStart(prisma)));

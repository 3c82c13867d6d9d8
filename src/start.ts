// From the environment to a server that answers, and back to nothing.

import { loadDemo } from '../prisma/demo/load-demo.ts';
import { entities } from '../schema/index.ts';
import { type App, createApp } from './app.ts';
import { type Auth, createAuth } from './auth/create-auth.ts';
import { type FirstStart, isFirstStart, prepareFirstStart } from './auth/first-start.ts';
import { type Config, ConfigFault, readConfig } from './base/config/config.ts';
import type { Database } from './base/database/database.ts';
import { migrate } from './base/database/migrate.ts';
import { openDatabase } from './base/database/open-database.ts';
import { createPrisma, type PrismaClient } from './base/database/prisma.ts';
import { Fault } from './base/errors.ts';
import { createLog, type Logger } from './base/log.ts';
import type { Catalog } from './catalog/catalog.ts';
import { createCatalog } from './catalog/create-catalog.ts';
import { loadDatamodel } from './catalog/load-datamodel.ts';
import { installChangeLog } from './changes/install.ts';
import { type Listening, listen } from './http/server/listen.ts';
import { answerStarting } from './http/server/starting.ts';
import { createEngine } from './query/create-engine.ts';
import { installSearchIndexes } from './query/install-search.ts';
import { deriveSecret, loadPeppers, newestPepper } from './safestore/peppers.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { welcome } from './welcome.ts';

/** Running requests have so long to finish when the server is told to stop. */
const graceMs = 25_000;

/**
 * Starts a server, and stops it when the process is told to end. On the first start, the administrator's password and
 * API key go to standard output, once, and nowhere else.
 * @throws ConfigFault, and Fault for what else can be mended by whoever starts it
 */
export async function startServer(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const configured = readConfig(env);
  const log = createLog(configured);
  let listener: App['listener'] = async (request, response) => answerStarting(request, response);
  const listening = await listen(
    (request, response) => listener(request, response),
    configured.host,
    configured.port,
  );
  const config = withPort(configured, listening.port);
  try {
    const opened = await open(config, log);
    listener = opened.app.listener;
    stopOnSignals(log, () => stop(opened, listening, log));
    process.stdout.write(welcome({ ...opened, config, port: listening.port }));
  } catch (error) {
    await listening.stop(0);
    throw error;
  }
}

/** Port 0 means any free port, which is known only now. */
const withPort = (config: Config, port: number): Config =>
  config.port === 0 ? { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) } : config;

interface Opened {
  readonly app: App;
  readonly auth: Auth;
  readonly prisma: PrismaClient;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly firstStart?: FirstStart;
}

async function open(config: Config, log: Logger): Promise<Opened> {
  const database = await openDatabase(config, log);
  try {
    await migrate(database, log);
    const prisma = createPrisma(database);
    const catalog = createCatalog(loadDatamodel(), entities);
    await installSearchIndexes(database, catalog);
    const cursorSecret = deriveSecret(newestPepper(loadPeppers(config)), 'cursors');
    const engine = createEngine({ catalog, database, limits: config.limits, cursorSecret });
    const auth = createAuth({ database, prisma, config, log, catalog });
    const app = createApp({ config, log, database, prisma, engine, auth });
    // The administrator last: once made, the key must reach the screen.
    if (await wantsDemo(config, database, prisma)) await loadDemo(database, log);
    await installChangeLog(database, catalog);
    const firstStart = await prepareFirstStart({ prisma, config, auth, catalog, log });
    return { app, auth, prisma, database, catalog, firstStart };
  } catch (error) {
    await database.close();
    throw error;
  }
}

const wantsDemo = async (config: Config, database: Database, prisma: PrismaClient): Promise<boolean> =>
  config.demoData ?? (database.kind === 'embedded' && (await isFirstStart(prisma)));

async function stop(
  { app, auth, prisma, database }: Opened,
  listening: Listening,
  log: Logger,
): Promise<void> {
  app.drain();
  const whole = await listening.stop(graceMs);
  if (!whole) log.warn({ graceMs }, 'requests that took too long were cut');
  await app.close();
  await auth.close();
  await prisma.$disconnect();
  await database.close();
}

/** Says what hindered the start: one message for what can be mended, a stack for what cannot. Exit code 1. */
export function explainFault(error: unknown): void {
  process.exitCode = 1;
  const known = error instanceof ConfigFault || error instanceof Fault;
  process.stderr.write(`${known ? message(error) : error instanceof Error ? error.stack : String(error)}\n`);
}

const message = (error: ConfigFault | Fault): string =>
  error instanceof Fault && error.hint ? `${error.message}\n${error.hint}` : error.message;

// Starting and stopping the server process.

import type { App } from './app.ts';
import { type Assembly, assemble } from './assemble.ts';
import { type Config, ConfigFault, readConfig } from './base/config/config.ts';
import { explainDenied } from './base/database/missing-grant.ts';
import { openDatabase } from './base/database/open-database.ts';
import { Fault } from './base/errors.ts';
import { createLog, type Logger } from './base/log.ts';
import { type Listening, listen } from './http/server/listen.ts';
import { answerStarting } from './http/server/starting.ts';
import { loadCatalog, loadProject } from './project.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { welcome } from './welcome.ts';

/** How long running requests may take to finish when the server stops. */
const graceMs = 25_000;

/**
 * Starts a server, and stops it on a signal. The first start prints the administrator's password and API key to standard
 * output, once.
 * @throws ConfigFault, and Fault for other problems that the operator can fix
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
    void opened.app.jobs.start();
    opened.app.webhooks.start();
  } catch (error) {
    await listening.stop(0);
    throw error;
  }
}

/** Port 0 means any free port, which is known only now. */
const withPort = (config: Config, port: number): Config =>
  config.port === 0 ? { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) } : config;

async function open(config: Config, log: Logger): Promise<Assembly> {
  const project = await loadProject();
  // Before the database is opened: with errors in the declarations, nothing in it may be changed.
  const catalog = await loadCatalog(project);
  for (const field of catalog.leftOut)
    log.warn(field, 'left out: Prisma does not support the type of this field');
  await using opening = new AsyncDisposableStack();
  const database = opening.adopt(await openDatabase(config, log), it => it.close());
  const assembly = opening.use(
    await assemble({ project, catalog, config, log, database }).catch(async error => {
      throw (await explainDenied(database, error).catch(() => undefined)) ?? error;
    }),
  );
  const open = opening.move();
  return { ...assembly, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

async function stop(opened: Assembly, listening: Listening, log: Logger): Promise<void> {
  opened.app.drain();
  const whole = await listening.stop(graceMs);
  if (!whole) log.warn({ graceMs }, 'requests that took too long were cut off');
  await opened[Symbol.asyncDispose]();
}

/** Reports why the start failed: a message if the operator can fix it, else a stack trace. Exit code 1. */
export function explainFault(error: unknown): void {
  process.exitCode = 1;
  const known = error instanceof ConfigFault || error instanceof Fault;
  process.stderr.write(`${known ? message(error) : error instanceof Error ? error.stack : String(error)}\n`);
}

const message = (error: ConfigFault | Fault): string =>
  error instanceof Fault && error.hint ? `${error.message}\n${error.hint}` : error.message;

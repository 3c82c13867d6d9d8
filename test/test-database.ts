import { cpSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import type { Database } from '../src/base/database/database.ts';
import { openDatabase } from '../src/base/database/open-database.ts';
import { databaseUrl, execute } from './setup/postgresql-templates.ts';
import type { Templates } from './setup/templates.ts';

export interface TestDatabase {
  readonly database: Database;
  /** Closes the database and keeps it, for another process to open. */
  pause(): Promise<void>;
  /** Opens it again. @returns the database, which is no longer the one that was opened first */
  resume(): Promise<Database>;
  /** What leads a server to it, as variables of the environment. */
  readonly env: { readonly DATABASE_URL?: string; readonly DATA_DIR: string };
  /** Closes and removes it. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Whether the demo catalogue is in it. */
  readonly demo?: boolean;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly databasePoolMax?: number;
}

/** @returns a migrated database of its own, on the kind of database that this run of the tests is about */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const templates = inject('templates');
  if (options.demo && templates.demoFailure !== undefined) throw new Error(templates.demoFailure);
  const { env, remove } = await copyTemplate(templates, options.demo ? templates.demo : templates.plain);
  const open = () =>
    openDatabase(
      {
        databaseUrl: env.DATABASE_URL,
        dataDir: env.DATA_DIR,
        databasePoolMax: options.databasePoolMax ?? 4,
        statementTimeoutMs: options.statementTimeoutMs ?? 0,
        lockTimeoutMs: options.lockTimeoutMs ?? 0,
      },
      pino({ level: 'silent' }),
    );
  let current = await open();
  const close = () => current.close().finally(remove);
  return {
    database: current,
    env,
    pause: () => current.close(),
    resume: async () => {
      current = await open();
      return current;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

let copies = 0;
let compiled: Promise<WebAssembly.Module> | undefined;

/** As long as a compiled module lives, V8 hands it to each thread that starts a database, instead of compiling it again. */
const keepCompiled = () => {
  const file = new URL('./pglite.wasm', import.meta.resolve('@electric-sql/pglite'));
  compiled ??= WebAssembly.compile(readFileSync(file));
  return compiled;
};

interface Copy {
  readonly env: TestDatabase['env'];
  readonly remove: () => Promise<void>;
}

async function copyTemplate(templates: Templates, template: string): Promise<Copy> {
  copies += 1;
  const name = `${templates.prefix}${process.pid}_${copies}`;
  if (templates.kind === 'embedded') {
    const DATA_DIR = join(templates.place, name);
    await keepCompiled();
    // Several times as fast as its asynchronous form.
    cpSync(template, DATA_DIR, { recursive: true });
    return { env: { DATA_DIR }, remove: () => rm(DATA_DIR, { recursive: true, force: true }) };
  }
  await execute(templates.place, `create database "${name}" template "${template}"`);
  const remove = async () => {
    await execute(templates.place, `drop database "${name}" with (force)`);
  };
  return { env: { DATABASE_URL: databaseUrl(templates.place, name), DATA_DIR: '/nonexistent' }, remove };
}

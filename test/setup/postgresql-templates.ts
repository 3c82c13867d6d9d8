import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { openPostgresql } from '../../src/base/database/postgresql.ts';
import { fillDemo, fillPlain, type MadeTemplates } from './templates.ts';

/** @param url of a database from which others may be created, as a role that may do so */
export async function makePostgresqlTemplates(url: string): Promise<MadeTemplates> {
  const prefix = `portolan_test_${randomBytes(4).toString('hex')}_`;
  const [plain, demo] = [`${prefix}plain`, `${prefix}demo`];
  await execute(url, `create database ${plain}`);
  await fill(databaseUrl(url, plain), fillPlain);
  await execute(url, `create database ${demo} template ${plain}`);
  const demoFailure = await fill(databaseUrl(url, demo), fillDemo);
  return {
    templates: { kind: 'postgresql', place: url, prefix, plain, demo, demoFailure },
    remove: () => removeAll(url, prefix),
  };
}

/** @returns the URL of another database of the same server */
export function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Runs statements of administration over a connection of their own. @returns the rows, as objects */
export async function execute(
  url: string,
  sql: string,
  values?: string[],
): Promise<Record<string, string>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function fill<T>(
  url: string,
  work: (database: Awaited<ReturnType<typeof openPostgresql>>) => Promise<T>,
) {
  const options = { databaseUrl: url, databasePoolMax: 1, statementTimeoutMs: 0 };
  const database = await openPostgresql(options, pino({ level: 'silent' }));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function removeAll(url: string, prefix: string): Promise<void> {
  const rows = await execute(url, 'select datname from pg_database where starts_with(datname, $1)', [prefix]);
  for (const { datname } of rows) await execute(url, `drop database "${datname}" with (force)`);
}

// The triggers that write the change log. They follow what schema/ exposes, so no migration can hold them.

import type { Database, Session } from '../base/database/database.ts';
import { lockMigrations } from '../base/database/migrate.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { constant, identifier } from '../query/sql/text.ts';
import { entityLog, namePrefix, type TableLog } from './log-function.ts';
import { linkLogs } from './log-links.ts';

/**
 * Makes the triggers of every exposed table what they have to be, and removes those of tables that are exposed no more.
 * Several instances may do it at once. Where all is right, nothing is locked.
 * @returns the names of the tables whose triggers were made
 */
export async function installChangeLog(database: Database, catalog: Catalog): Promise<string[]> {
  const logs = tableLogs(catalog);
  if (isRight(await compare(database, logs))) return [];
  return database.transaction(
    async session => {
      await lockMigrations(session);
      const { wrong, foreign } = await compare(session, logs);
      for (const name of foreign)
        await session.query(`DROP FUNCTION IF EXISTS ${identifier(name)}() CASCADE`);
      const schema = (await session.query('SELECT current_schema()')).rows[0]![0]!;
      for (const log of wrong) await install(session, log, schema);
      return wrong.map(log => log.table);
    },
    { statementTimeoutMs: 0 },
  );
}

/** @returns the names of the exposed tables whose changes are not logged as they should be */
export async function unloggedTables(database: Session, catalog: Catalog): Promise<string[]> {
  const { wrong } = await compare(database, tableLogs(catalog));
  return wrong.map(log => log.table);
}

const tableLogs = (catalog: Catalog): TableLog[] => [
  ...[...catalog.entities.values()].filter(entity => entity.key.length > 0).map(entityLog),
  ...linkLogs(catalog),
];

interface Comparison {
  readonly wrong: readonly TableLog[];
  /** Trigger functions for tables that are not exposed. */
  readonly foreign: readonly string[];
}

const isRight = ({ wrong, foreign }: Comparison): boolean => wrong.length + foreign.length === 0;

async function compare(session: Session, logs: readonly TableLog[]): Promise<Comparison> {
  const functions = await presentFunctions(session);
  const triggers = await presentTriggers(session);
  const wanted = new Set(logs.map(log => log.name));
  const isWrong = (log: TableLog) =>
    functions.get(log.name) !== log.body ||
    triggersOf(log).some(({ signature }) => !triggers.has(`${log.table} ${signature}`));
  return { wrong: logs.filter(isWrong), foreign: [...functions.keys()].filter(name => !wanted.has(name)) };
}

async function presentFunctions(session: Session): Promise<Map<string, string>> {
  const { rows } = await session.query(
    `SELECT proname, prosrc FROM pg_proc
     WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, $1)`,
    [namePrefix],
  );
  return new Map(rows.map(([name, body]) => [name!, body!]));
}

async function presentTriggers(session: Session): Promise<Set<string>> {
  const { rows } = await session.query(
    `SELECT concat_ws(' ', c.relname, t.tgname, t.tgtype, t.tgenabled, p.proname)
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE c.relnamespace = current_schema()::regnamespace AND starts_with(t.tgname, $1)`,
    [namePrefix],
  );
  return new Set(rows.map(([signature]) => signature!));
}

/** The bits of `pg_trigger.tgtype`: before 2, insert 4, delete 8, update 16, truncate 32. */
const kinds = [
  { event: 'INSERT', time: 'AFTER', type: 4, tables: 'REFERENCING NEW TABLE AS news' },
  { event: 'UPDATE', time: 'AFTER', type: 16, tables: 'REFERENCING OLD TABLE AS olds NEW TABLE AS news' },
  { event: 'DELETE', time: 'AFTER', type: 8, tables: 'REFERENCING OLD TABLE AS olds' },
  { event: 'TRUNCATE', time: 'BEFORE', type: 34, tables: '' },
] as const;

const triggersOf = ({ table, name }: TableLog) =>
  kinds.map(({ event, time, type, tables }) => {
    const trigger = `${namePrefix}${event.toLowerCase()}`;
    return {
      signature: `${trigger} ${type} O ${name}`,
      sql: `DROP TRIGGER IF EXISTS ${trigger} ON ${identifier(table)};
CREATE TRIGGER ${trigger} ${time} ${event} ON ${identifier(table)} ${tables}
FOR EACH STATEMENT EXECUTE FUNCTION ${identifier(name)}();`,
    };
  });

/**
 * The function runs with the rights of its owner, so that whoever may write to the table need not have any on the log.
 * The settings make texts of values independent of the writer's session, and keep the plan to the index: the first
 * call's plan is kept, and what is right for a small log is not for a large one.
 */
async function install(session: Session, log: TableLog, schema: string): Promise<void> {
  const { name, body } = log;
  await session.query(`CREATE OR REPLACE FUNCTION ${identifier(name)}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, ${identifier(schema)}, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' SET "IntervalStyle" = 'iso_8601' SET bytea_output = 'hex' SET extra_float_digits = 1
SET enable_seqscan = off SET jit = off
AS ${constant(body)};
${triggersOf(log)
  .map(({ sql }) => sql)
  .join('\n')}`);
}

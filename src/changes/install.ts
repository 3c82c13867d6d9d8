// Installs the triggers that write the change log. They follow what schema/ exposes, so no migration can contain them.

import type { Database, Session } from '../base/database/database.ts';
import { lockMigrations } from '../base/database/migrate.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { constant, identifier } from '../query/sql/text.ts';
import { entityLog, type TableLog, triggerPrefix } from './log-function.ts';
import { linkLogs } from './log-links.ts';
import { type PresentFunction, presentFunctions } from './present-functions.ts';

/**
 * Creates or repairs the triggers of every exposed table, and removes those of tables that are no longer exposed.
 * Several instances may run it at the same time. When nothing has to change, it takes no lock.
 * @returns the names of the tables whose triggers were created
 */
export async function installChangeLog(database: Database, catalog: Catalog): Promise<string[]> {
  const logs = tableLogs(catalog);
  if (isUpToDate(await compare(database, logs))) return [];
  return database.transaction(
    async session => {
      await lockMigrations(session);
      const { wrong, obsolete } = await compare(session, logs);
      for (const { signature } of obsolete)
        await session.query(`DROP FUNCTION IF EXISTS ${signature} CASCADE`);
      const schema = (await session.query('SELECT current_schema()')).rows[0]![0]!;
      for (const log of wrong) await install(session, log, schema);
      return wrong.map(log => log.table);
    },
    { statementTimeoutMs: 0 },
  );
}

/** @returns the names of the exposed tables whose triggers are missing, disabled or outdated */
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
  /** Trigger functions for tables that are not exposed, and those in the project's schema. */
  readonly obsolete: readonly PresentFunction[];
}

const isUpToDate = ({ wrong, obsolete }: Comparison): boolean => wrong.length + obsolete.length === 0;

async function compare(session: Session, logs: readonly TableLog[]): Promise<Comparison> {
  const functions = await presentFunctions(session);
  const triggers = await presentTriggers(session);
  const expected = new Set(logs.map(log => log.name));
  const isInUse = ({ isCurrent, name }: PresentFunction) => isCurrent && expected.has(name);
  const bodies = new Map(functions.filter(isInUse).map(({ name, body }) => [name, body]));
  const isWrong = (log: TableLog) =>
    bodies.get(log.name) !== log.body ||
    triggersOf(log).some(({ signature }) => !triggers.has(`${log.table} ${signature}`));
  return { wrong: logs.filter(isWrong), obsolete: functions.filter(present => !isInUse(present)) };
}

async function presentTriggers(session: Session): Promise<Set<string>> {
  const { rows } = await session.query(
    `SELECT concat_ws(' ', c.relname, t.tgname, t.tgtype, t.tgenabled, p.pronamespace::regnamespace, p.proname)
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE c.relnamespace = current_schema()::regnamespace AND starts_with(t.tgname, $1)`,
    [triggerPrefix],
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
    const trigger = `${triggerPrefix}${event.toLowerCase()}`;
    return {
      signature: `${trigger} ${type} O portolan ${name}`,
      sql: `DROP TRIGGER IF EXISTS ${trigger} ON ${identifier(table)};
CREATE TRIGGER ${trigger} ${time} ${event} ON ${identifier(table)} ${tables}
FOR EACH STATEMENT EXECUTE FUNCTION portolan.${identifier(name)}();`,
    };
  });

/**
 * The function runs with its owner's privileges, so a role that writes to the table needs none on the log. The settings
 * make the texts of values independent of the writer's session and force index scans: the plan of the first call is cached,
 * and a plan that suits a small log does not suit a large one.
 * @param schema the project's: the function's body names its tables without a schema
 */
async function install(session: Session, log: TableLog, schema: string): Promise<void> {
  const { name, body } = log;
  await session.query(`CREATE OR REPLACE FUNCTION portolan.${identifier(name)}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, ${identifier(schema)}, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' SET "IntervalStyle" = 'iso_8601' SET bytea_output = 'hex' SET extra_float_digits = 1
SET enable_seqscan = off SET jit = off
AS ${constant(body)};
${triggersOf(log)
  .map(({ sql }) => sql)
  .join('\n')}`);
}

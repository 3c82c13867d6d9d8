import { createDemo, type DemoTable } from './create-demo.ts';

interface Session {
  query(
    text: string,
    values?: readonly string[],
  ): Promise<{ readonly rows: readonly (readonly (string | null)[])[] }>;
}

interface Database {
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

interface Log {
  info(facts: object, message: string): void;
}

/** Loads the demo catalogue in one transaction. Does nothing where any of its tables already has a row. */
export async function loadDemo(database: Database, log: Log): Promise<void> {
  const started = performance.now();
  const rows = await database.transaction(loadIntoEmpty);
  if (rows === undefined) return log.info({}, 'demo catalogue not loaded: there is data already');
  log.info({ rows, ms: Math.round(performance.now() - started) }, 'demo catalogue loaded');
}

/** @returns how many rows were written, undefined where there was data */
async function loadIntoEmpty(session: Session): Promise<number | undefined> {
  // Of two servers that start together, the second waits here and then finds the rows of the first.
  await session.query('LOCK TABLE "Category" IN SHARE ROW EXCLUSIVE MODE');
  const tables = createDemo();
  if (await anyRow(session, tables)) return undefined;
  for (const table of tables) await insertRows(session, table);
  for (const table of tables) if (table.numbered) await setSequence(session, table.name);
  await session.query(`ANALYZE ${tables.map(table => `"${table.name}"`).join(', ')}`);
  return tables.reduce((sum, table) => sum + table.rows.length, 0);
}

async function anyRow(session: Session, tables: readonly DemoTable[]): Promise<boolean> {
  const tests = tables.map(table => `EXISTS (SELECT FROM "${table.name}")`);
  const { rows } = await session.query(`SELECT ${tests.join(' OR ')}`);
  return rows[0]?.[0] === 't';
}

/** The table's own row type tells PostgreSQL how to read the JSON. */
async function insertRows(session: Session, table: DemoTable): Promise<void> {
  const columns = Object.keys(table.rows[0]!)
    .map(name => `"${name}"`)
    .join(', ');
  await session.query(
    `INSERT INTO "${table.name}" (${columns})
     SELECT ${columns} FROM json_populate_recordset(NULL::"${table.name}", $1::json)`,
    [JSON.stringify(table.rows)],
  );
}

async function setSequence(session: Session, table: string): Promise<void> {
  await session.query(`SELECT setval(pg_get_serial_sequence('"${table}"', 'id'), max(id)) FROM "${table}"`);
}

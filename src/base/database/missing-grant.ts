// Explains which GRANT a role lacks to start the server, for the owner of the database.

import { type Fault, fault } from '../errors.ts';
import type { Database } from './database.ts';

/** insufficient_privilege, and invalid_schema_name: there is no schema that the role may see. */
const states: ReadonlySet<string | undefined> = new Set(['42501', '3F000']);

/** @returns one sentence with the GRANT statements that are missing; undefined for an error that says something else */
export async function explainDenied(database: Database, error: unknown): Promise<Fault | undefined> {
  const denied = deniedIn(error);
  if (!denied) return undefined;
  const { rows } = await database.query(
    `SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')), quote_ident(current_database())`,
  );
  const [role, schema, name] = rows[0] as [string, string, string];
  const onSchema = `USAGE, CREATE ON SCHEMA ${schemaIn(denied.message) ?? schema}`;
  // The schema "portolan" is created first, which takes a permission on the database.
  const grants = denied.message.includes('denied for database')
    ? [`CREATE ON DATABASE ${name}`, onSchema]
    : [(await grantOnTable(database, denied.message, schema)) ?? onSchema];
  const statements = grants.map(grant => `GRANT ${grant} TO ${role};`).join(' ');
  const message = `The role ${role} lacks a permission that the start needs (${denied.message}): let the database's owner run ${statements}`;
  return fault('UNAVAILABLE', message, { cause: error });
}

function deniedIn(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const state = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return states.has(state) ? error : deniedIn(error.cause);
}

const schemaIn = (message: string): string | undefined => /denied for schema "?(\w+)"?$/.exec(message)?.[1];

async function grantOnTable(
  database: Database,
  message: string,
  schema: string,
): Promise<string | undefined> {
  const [, kind, name] =
    /(?:denied for|owner of) (table|relation|sequence|view) "?(.+?)"?$/.exec(message) ?? [];
  if (name === undefined) return undefined;
  const { rows } = await database.query(
    `SELECT quote_ident(pg_get_userbyid(relowner)), quote_ident(relname) FROM pg_class
     WHERE relname = $1 AND relnamespace::regnamespace::text = $2`,
    [name, schema],
  );
  const [owner, table] = (rows[0] ?? [schema, name]) as [string, string];
  if (message.includes('owner of')) return owner;
  return `ALL ON ${kind === 'sequence' ? 'SEQUENCE' : 'TABLE'} ${schema}.${table}`;
}

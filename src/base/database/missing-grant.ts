// Explains which GRANT a role lacks to start the server, for the owner of the database.

import { type Fault, fault } from '../errors.ts';
import type { Database } from './database.ts';

/** insufficient_privilege, and invalid_schema_name: there is no schema that the role may see. */
const states: ReadonlySet<string | undefined> = new Set(['42501', '3F000']);

/** @returns one sentence that names the missing GRANT; undefined for an error that says something else */
export async function explainDenied(database: Database, error: unknown): Promise<Fault | undefined> {
  const denied = deniedIn(error);
  if (!denied) return undefined;
  const { rows } = await database.query(
    `SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public'))`,
  );
  const [role, schema] = rows[0] as [string, string];
  const grant = await missingGrant(database, denied.message, schema);
  const message = `The role ${role} lacks a permission that the start needs (${denied.message}): let the database's owner run GRANT ${grant} TO ${role};`;
  return fault('UNAVAILABLE', message, { cause: error });
}

function deniedIn(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const state = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return states.has(state) ? error : deniedIn(error.cause);
}

async function missingGrant(database: Database, message: string, schema: string): Promise<string> {
  const [, kind, name] =
    /(?:denied for|owner of) (table|relation|sequence|view) "?(.+?)"?$/.exec(message) ?? [];
  if (name === undefined) return `USAGE, CREATE ON SCHEMA ${schema}`;
  const { rows } = await database.query(
    `SELECT quote_ident(pg_get_userbyid(relowner)), quote_ident(relname) FROM pg_class
     WHERE relname = $1 AND relnamespace::regnamespace::text = $2`,
    [name, schema],
  );
  const [owner, table] = (rows[0] ?? [schema, name]) as [string, string];
  if (message.includes('owner of')) return owner;
  return `ALL ON ${kind === 'sequence' ? 'SEQUENCE' : 'TABLE'} ${schema}.${table}`;
}

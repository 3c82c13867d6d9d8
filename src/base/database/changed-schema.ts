// Statements name tables and columns by what prisma/ and schema/ say. When the database says that something of that is not
// there, or is of another type, its tables were changed behind the back of the server, and no caller did anything wrong.

import { channel } from 'node:diagnostics_channel';
import pg from 'pg';
import { type Fault, fault } from '../errors.ts';

/** Tables, columns, types, schemas that are missing; operators, casts, assignments and unique indexes that do not fit. */
const changed = /^(42703|42P01|42704|3F000|42883|42804|42846|42P10)$/;

/** Hears of every error that says that the database's tables are other than they should be. */
export const schemaChanges = channel('portolan:schema-changed');

const statements = new WeakMap<Error, string>();

/** Keeps the statement beside its error, which says only at which character of it something is wrong. */
export const noteStatement = (error: Error, text: string): void => {
  if (error instanceof pg.DatabaseError && changed.test(error.code ?? '')) statements.set(error, text);
};

/** The server's own tables: their names appear only in the log, never in messages to callers. */
const internal = /^(portolan$|portolan[._]|_prisma_)/;

/** @returns the fault that names what is missing or different, for an error of that kind about tables that are exposed */
export function changedSchemaFault(error: Error): Fault | undefined {
  if (!(error instanceof pg.DatabaseError) || !changed.test(error.code ?? '')) return undefined;
  const named = nameIn(error);
  if (internal.test(named.table ?? '')) return undefined;
  schemaChanges.publish(error);
  return fault('UNAVAILABLE', messageOf(error, named), {
    hint: 'The database was changed while the server runs. /readyz lists what is missing or different.',
    headers: { 'retry-after': '30' },
    cause: error,
  });
}

function messageOf(error: pg.DatabaseError, { table, column }: Named): string {
  const [what, where] = [column && `column "${column}"`, table && `table "${table}"`];
  const place = what && where ? `${what} of the ${where}` : (what ?? where);
  if (!place) return 'The tables of the database are not as this server expects them.';
  const isMissing = error.code === '42703' || error.code === '42P01';
  return isMissing
    ? `The ${place} is missing from the database.`
    : `The ${place} is not as this server expects it.`;
}

interface Named {
  readonly table?: string;
  readonly column?: string;
}

const name = `"((?:[^"]|"")+)"`;

/** The message may be in any language, so that the place in the statement is what is relied on first. */
function nameIn(error: pg.DatabaseError): Named {
  const text = statements.get(error) ?? '';
  const at = Number(error.position ?? 0) - 1;
  const [, alias, found] = (at < 0 ? undefined : nameAt(error, text, at)) ?? [];
  if (found === undefined) return { table: tableOf(text, undefined), ...namedInMessage(error.message) };
  if (error.code === '42P01') return { table: plain(found) };
  return { column: plain(found), table: tableOf(text, alias) };
}

/** An operator stands behind what it does not fit; everything else is named where the place says. */
function nameAt({ code }: pg.DatabaseError, text: string, at: number): RegExpExecArray | null {
  if (code === '42883') return new RegExp(`(?:(\\w+)\\.)?${name}[^"]*$`).exec(text.slice(0, at));
  return new RegExp(`^(?:(\\w+)\\.)?${name}`).exec(text.slice(at));
}

/** Errors from within the database's own functions have no place in a statement of ours. */
function namedInMessage(message: string): Named {
  const [first, second] = [...message.matchAll(new RegExp(name, 'g'))].map(([, found]) => plain(found!));
  if (/^relation /.test(message)) return { table: first };
  if (!/^column /.test(message)) return {};
  return { column: first, ...(second !== undefined && { table: second }) };
}

function tableOf(text: string, alias: string | undefined): string | undefined {
  const table = `((?:"portolan"\\.)?)${name}`;
  const place = alias === undefined ? `(?:INTO|UPDATE|FROM) ${table}` : `${table} (?:AS )?${alias}\\b`;
  const [, own, found] = new RegExp(place).exec(text) ?? [];
  return own ? `portolan.${found}` : found && plain(found);
}

const plain = (quoted: string): string => quoted.replaceAll('""', '"');

import type { Session } from '../base/database/database.ts';
import { identifier } from '../query/sql/text.ts';
import { functionPrefix, triggerPrefix } from './log-function.ts';

/** A trigger function of the change log, as it is in the database. */
export interface PresentFunction {
  readonly name: string;
  readonly body: string;
  /** `"schema"."name"()`, for SQL. */
  readonly signature: string;
  /** Whether it is in the schema "portolan". Earlier versions made the functions in the project's schema. */
  readonly isCurrent: boolean;
  /** The tables whose triggers call it: one, or none where they were dropped by hand. */
  readonly tables: readonly string[];
}

/** @returns all trigger functions of the change log, whatever is exposed, ordered by name */
export async function presentFunctions(session: Session): Promise<PresentFunction[]> {
  const { rows } = await session.query(
    `SELECT p.proname, p.prosrc, n.nspname, n.nspname = 'portolan' AND starts_with(p.proname, $1),
       (SELECT to_json(array_agg(DISTINCT c.relname ORDER BY c.relname))
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgfoid = p.oid)
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'portolan' AND starts_with(p.proname, $1)
       OR n.nspname = current_schema() AND starts_with(p.proname, $2)
     ORDER BY 1`,
    [functionPrefix, triggerPrefix],
  );
  return rows.map(([name, body, schema, isCurrent, tables]) => ({
    name: name!,
    body: body!,
    signature: `${identifier(schema!)}.${identifier(name!)}()`,
    isCurrent: isCurrent === 't',
    tables: JSON.parse(tables ?? '[]'),
  }));
}

// Generates the trigger function of one table: one set-based INSERT for each statement that writes to it.

import { createHash } from 'node:crypto';
import type { ColumnField, Entity } from '../catalog/catalog.ts';
import { columnSql } from '../query/sql/statement.ts';
import { constant, identifier } from '../query/sql/text.ts';
import { changedColumns, textRows, wholeRow } from './log-values.ts';

/** What the database needs to log one table. */
export interface TableLog {
  readonly table: string;
  /** Name of the trigger function. */
  readonly name: string;
  /** The function's body. */
  readonly body: string;
}

/** @returns the log of an entity's own rows */
export function entityLog(entity: Entity): TableLog {
  const columns = [...entity.fields.values()].filter(field => field.kind === 'column');
  const rows = (source: string) =>
    textRows({
      columns,
      key: keyColumns(entity),
      source,
      shown: withinFilter(entity),
      needs: new Set(entity.rowFilter?.needs),
    });
  const one = (kind: string, row: 'o' | 'n', source: string) => {
    const values = [
      row === 'o' ? wholeRow(columns, row) : 'NULL::jsonb',
      row === 'n' ? wholeRow(columns, row) : 'NULL::jsonb',
    ];
    return logRows({
      entity,
      source: `SELECT ${row}.key, ${quoted(kind)} AS kind, CASE WHEN ${row}.shown THEN ${quoted(kind)} END AS shown,
    ${values[0]} AS old, ${values[1]} AS new
  FROM (${rows(source)}) ${row}`,
    });
  };
  return tableLog(entity.table, {
    INSERT: one('insert', 'n', 'news'),
    UPDATE: logRows({ entity, source: updatedRows(columns, rows('olds'), rows('news')) }),
    DELETE: one('delete', 'o', 'olds'),
    // A table that was renamed no longer stores the entity.
    TRUNCATE: `IF to_regclass(${constant(identifier(entity.table))}) = TG_RELID THEN
  ${one('delete', 'o', identifier(entity.table))}
END IF;`,
  });
}

/** Old and new rows are joined by key: a row whose key changed counts as one deleted and one inserted. */
function updatedRows(columns: readonly ColumnField[], olds: string, news: string): string {
  const before = 'o.key IS NOT NULL';
  const after = 'n.key IS NOT NULL';
  const kindOf = (before: string, after: string) =>
    `CASE WHEN ${before} AND ${after} THEN ${quoted('update')} WHEN ${before} THEN ${quoted('delete')} WHEN ${after} THEN ${quoted('insert')} END`;
  const values = (row: string, is: string, other: string) =>
    `CASE WHEN ${is} AND ${other} THEN ${changedColumns(columns, row)} WHEN ${is} THEN ${wholeRow(columns, row)} END`;
  return `SELECT coalesce(n.key, o.key) AS key, ${kindOf(before, after)} AS kind,
    ${kindOf(`(${before} AND o.shown)`, `(${after} AND n.shown)`)} AS shown,
    ${values('o', before, after)} AS old,
    ${values('n', after, before)} AS new
  FROM (${olds}) o FULL JOIN (${news}) n ON o.key = n.key`;
}

interface LoggedRows {
  readonly entity: Entity;
  /** SQL with the columns key, kind, shown, old and new. */
  readonly source: string;
}

/**
 * OFFSET 0 prevents the planner from inlining the source, so that each of its expressions is evaluated once. The record's
 * last position comes from one index lookup per row, the cheapest of the alternatives that were measured.
 */
export function logRows({ entity, source }: LoggedRows): string {
  const of = `entity = ${constant(entity.name)}`;
  return `INSERT INTO portolan.change (entity, key, position, kind, "shownAs", old, new, actor, at, transaction)
  SELECT ${constant(entity.name)}, d.key, 1 + coalesce(
      (SELECT c.position FROM portolan.change c WHERE c.${of} AND c.key = d.key ORDER BY c.position DESC LIMIT 1),
      (SELECT f.position FROM portolan.change_floor f WHERE f.${of} AND f.key = d.key), 0),
    d.kind, d.shown, d.old, d.new, who, (SELECT clock_timestamp()), (SELECT pg_current_xact_id()::text::bigint)
  FROM (${source} OFFSET 0) d WHERE d.key IS NOT NULL AND (d.old IS NOT NULL OR d.new IS NOT NULL);
  logged := logged OR FOUND;`;
}

type Operation = 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';

export function tableLog(table: string, statements: Readonly<Record<Operation, string>>): TableLog {
  const cases = Object.entries(statements).map(
    ([operation, sql]) => `IF TG_OP = '${operation}' THEN\n  ${sql}\nEND IF;`,
  );
  // Columns are unqualified, and may have the name of a variable.
  const body = `
#variable_conflict use_column
DECLARE
  who jsonb := nullif(current_setting('portolan.actor', true), '')::jsonb;
  logged boolean := false;
BEGIN
${cases.join('\n')}
IF logged AND (SELECT last_value FROM portolan.change_listened) > extract(epoch FROM clock_timestamp()) * 1000 THEN
  PERFORM portolan.change_tell();
END IF;
RETURN NULL;
END
`;
  return { table, name: functionName(table), body };
}

/** PostgreSQL's names have at most 63 bytes. */
function functionName(table: string): string {
  const name = `${functionPrefix}${table}`;
  if (Buffer.byteLength(name) <= 63) return name;
  return `${functionPrefix}${createHash('sha256').update(table).digest('hex').slice(0, 32)}`;
}

/** Of the trigger functions, in the schema "portolan". */
export const functionPrefix = 'change_log_';

/** Of the triggers on the project's tables. Earlier versions named the functions with it too, in the project's schema. */
export const triggerPrefix = 'portolan_log_';

/** @param row alias; absent if columns are unqualified @returns SQL of the entity's row filter */
export function withinFilter(entity: Entity, row?: string): string {
  if (!entity.rowFilter) return 'true';
  return `(${entity.rowFilter.sql(name => columnSql(entity.fields.get(name) as ColumnField, row))})`;
}

export const keyColumns = (entity: Entity): ColumnField[] =>
  entity.key.map(name => entity.fields.get(name) as ColumnField);

const quoted = (kind: string): string => `'${kind}'::"portolan"."ChangeKind"`;

// A change, apart from its rows -> one SQL statement, the same for every batch.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { EntityUpsert } from '../../ask/entity-change.ts';
import { columnSql } from '../../sql/statement.ts';
import { identifier } from '../../sql/text.ts';
import { columnArrays, columnOf, transported, unnestColumns } from './columns.ts';
import { lockOrderSql, ranks } from './lock-order.ts';

export type ChangeShape = Omit<EntityUpsert, 'rows'>;

/**
 * SQL expressions of the defaults of columns, by the field's name: of fields whose null stands for it, and of keys that
 * the database counts up.
 */
export type DefaultExpressions = ReadonlyMap<string, string>;

/** @returns a statement with one array parameter per field; it returns one row: how many were inserted and updated */
export function changeStatement(entity: Entity, change: ChangeShape, defaults: DefaultExpressions): string {
  const parts = toParts(entity, change, defaults);
  const [action, inserted] =
    change.mode === 'update' ? [update(parts), 'false'] : [insert(parts), '(t.xmax = 0)'];
  return `WITH changed AS (${action} RETURNING ${inserted} AS inserted)
SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM changed`;
}

/**
 * @param change of mode `insert` or `upsert`
 * @returns INSERT for `t`, with one array parameter per field from $1 on and without RETURNING. It returns all rows in their
 *   order, including existing rows that do not change.
 */
export const insertAction = (entity: Entity, change: ChangeShape, defaults: DefaultExpressions): string =>
  insert(toParts(entity, change, defaults), true);

/** @returns the parameters of a change's statement */
export const upsertValues = ({ rows, fields, order }: EntityUpsert): string[] => [
  ...columnArrays(rows, fields.length),
  ...(order ? [ranks(order)] : []),
];

interface Parts {
  readonly entity: Entity;
  readonly mode: EntityUpsert['mode'];
  readonly match: readonly ColumnField[];
  /** SQL for each column that is written. */
  readonly values: ReadonlyMap<ColumnField, string>;
  /** Columns to set if the row exists: never key columns or values that were generated for new rows. */
  readonly settable: readonly ColumnField[];
  readonly source: string;
  /** SQL for the rank of a source row in the lock order, if that differs from the order of the rows. */
  readonly rank?: string;
}

function toParts(entity: Entity, change: ChangeShape, defaults: DefaultExpressions): Parts {
  const columns = change.fields.map(name => columnOf(entity, name));
  const values = new Map(columns.map((column, i) => [column, sqlValue(column, i, defaults)]));
  for (const field of entity.fields.values()) {
    if (field.kind === 'column' && field.updatedAt && !values.has(field)) values.set(field, 'now()');
  }
  const match = change.match.map(name => columnOf(entity, name));
  const counted = entity.key.filter(name => !change.fields.includes(name) && defaults.has(name));
  const known = counted.length > 0 ? knownKeys(entity, match, values) : '';
  for (const name of counted) {
    const column = columnOf(entity, name);
    values.set(column, `coalesce(o.${identifier(column.column)}, ${defaults.get(name)})`);
  }
  const names = [...columns.map((_, i) => `c${i}`), ...(change.order ? ['place'] : [])];
  const fixed = new Set([...change.match, ...entity.key, ...(change.made ?? [])]);
  return {
    entity,
    mode: change.mode,
    match,
    values,
    settable: [...values.keys()].filter(column => !fixed.has(column.name)),
    source: `${unnestColumns(columns)} ${change.order ? 'WITH ORDINALITY ' : ''}AS r(${names.join(', ')})${known}`,
    rank: change.order && `($${columns.length + 1}::int[])[s.place]`,
  };
}

/**
 * PostgreSQL builds the whole new row before it checks whether one exists, and so would use up a value of the key's
 * sequence for every row that is only updated: an hourly import exhausts a 32-bit sequence within a year.
 * LATERAL with LIMIT forces an index lookup per row, whatever size the planner expects the table to have.
 */
function knownKeys(
  entity: Entity,
  match: readonly ColumnField[],
  values: ReadonlyMap<ColumnField, string>,
): string {
  const keys = entity.key.map(name => identifier(columnOf(entity, name).column)).join(', ');
  const conditions = match.map(column => `k.${identifier(column.column)} = ${values.get(column)}`);
  return `
LEFT JOIN LATERAL (SELECT ${keys} FROM ${identifier(entity.table)} AS k WHERE ${conditions.join(' AND ')} LIMIT 1) AS o ON true`;
}

function sqlValue(column: ColumnField, index: number, defaults: DefaultExpressions): string {
  const value = transported(`r.c${index}`, column);
  const standard = defaults.get(column.name);
  return standard === undefined ? value : `coalesce(${value}, ${standard})`;
}

/** Numbers that the database counts up follow the order of the rows, whatever the order in which they are locked. */
function selectRows({ values, source, rank }: Parts): string {
  const list = [...values.values()];
  if (!rank) return `SELECT ${list.join(', ')} FROM ${source}`;
  const inner = list.map((sql, index) => `${sql} AS v${index}`);
  return `SELECT ${list.map((_, index) => `s.v${index}`).join(', ')}
FROM (SELECT ${inner.join(', ')}, r.place FROM ${source} OFFSET 0) AS s ORDER BY ${rank}`;
}

function insert(parts: Parts, returnAll = false): string {
  const { entity, mode, match, values, settable } = parts;
  const names = [...values.keys()].map(column => identifier(column.column));
  const into = `INSERT INTO ${identifier(entity.table)} AS t (${names.join(', ')})
${selectRows(parts)}`;
  if (mode === 'insert') return into;
  const target = match.map(column => identifier(column.column)).join(', ');
  if (settable.length === 0 && !returnAll) return `${into} ON CONFLICT (${target}) DO NOTHING`;
  const sets = (settable.length > 0 ? settable : match).map(
    ({ column }) => `${identifier(column)} = excluded.${identifier(column)}`,
  );
  return `${into}
ON CONFLICT (${target}) DO UPDATE SET ${sets.join(', ')}${within(entity, ' WHERE ')}`;
}

function update({ entity, match, values, settable, source }: Parts): string {
  const sets = (settable.length > 0 ? settable : match).map(
    column => `${identifier(column.column)} = ${values.get(column)}`,
  );
  const conditions = match.map(column => `t.${identifier(column.column)} = ${values.get(column)}`);
  const meets = conditions.join(' AND ');
  const table = identifier(entity.table);
  return `UPDATE ${table} AS t SET ${sets.join(', ')} FROM (SELECT r.* FROM ${source} JOIN ${table} AS t ON ${meets}
WHERE TRUE${within(entity, ' AND ')} ORDER BY ${lockOrderSql(entity)} FOR NO KEY UPDATE OF t) AS r
WHERE ${meets}${within(entity, ' AND ')}`;
}

/** Rows outside the entity's row filter do not exist for any caller, so they are not written either. */
export function within(entity: Entity, before: string): string {
  if (!entity.rowFilter) return '';
  const condition = entity.rowFilter.sql(name => columnSql(columnOf(entity, name), 't'));
  return `${before}(${condition})`;
}

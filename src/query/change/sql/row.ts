// One change -> INSERT, UPDATE or DELETE of a row with the alias `t`, without RETURNING. Values are parameters.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { ChangeRow, EntityUpsert } from '../../ask/entity-change.ts';
import type { BoundKey, BoundTarget } from '../../bound/change.ts';
import { conditionSql } from '../../sql/expression.ts';
import type { Statement } from '../../sql/statement.ts';
import { sentType, storedSql } from '../../sql/stored-value.ts';
import { identifier } from '../../sql/text.ts';
import { type DefaultExpressions, insertAction, upsertValues, within } from './batch.ts';
import { columnOf } from './columns.ts';
import { lockOrderSql } from './lock-order.ts';

/** @param statement without parameters so far */
export function insertSql(
  statement: Statement,
  entity: Entity,
  batch: EntityUpsert,
  defaults: DefaultExpressions,
): string {
  for (const array of upsertValues(batch)) statement.values.push(array);
  return insertAction(entity, batch, defaults);
}

export interface UpdateParts {
  readonly target: BoundTarget;
  readonly fields: readonly string[];
  readonly values: ChangeRow;
  /** Names of the fields to reset to their defaults. */
  readonly reset?: readonly string[];
  readonly ifVersion?: string;
  /** Whether the row counts as changed even if no value is set. */
  readonly touch: boolean;
}

/** If there is nothing to set, the rows are only locked. */
export function updateSql(statement: Statement, entity: Entity, parts: UpdateParts): string {
  const sets = setClauses(statement, entity, parts);
  const { from, where } = targetSql(statement, entity, parts, 'NO KEY UPDATE');
  const table = identifier(entity.table);
  if (sets.length === 0)
    return `SELECT <returning> FROM ${table} AS t${from && `, ${from}`} WHERE ${where} FOR UPDATE OF t`;
  return `UPDATE ${table} AS t SET ${sets.join(', ')}${from && ` FROM ${from}`} WHERE ${where}`;
}

export function deleteSql(
  statement: Statement,
  entity: Entity,
  parts: Pick<UpdateParts, 'target' | 'ifVersion'>,
): string {
  const { from, where } = targetSql(statement, entity, parts, 'UPDATE');
  return `DELETE FROM ${identifier(entity.table)} AS t${from && ` USING ${from}`} WHERE ${where}`;
}

/** @returns the action with its RETURNING list */
export const returning = (action: string, list: string): string =>
  action.startsWith('SELECT') ? action.replace('<returning>', () => list) : `${action} RETURNING ${list}`;

/** Sets `updatedAt` of a changed or touched row too. */
function setClauses(
  statement: Statement,
  entity: Entity,
  { fields, values, reset = [], touch }: UpdateParts,
): string[] {
  const sets = fields.map((name, index) => {
    const column = columnOf(entity, name);
    return `${identifier(column.column)} = ${valueSql(statement, column, values[index]!)}`;
  });
  for (const name of reset) sets.push(`${identifier(columnOf(entity, name).column)} = DEFAULT`);
  if (sets.length === 0 && !touch) return [];
  for (const field of entity.fields.values())
    if (field.kind === 'column' && field.updatedAt) sets.push(`${identifier(field.column)} = now()`);
  if (sets.length > 0) return sets;
  const key = identifier(columnOf(entity, entity.key[0]!).column);
  return [`${key} = t.${key}`];
}

const valueSql = (statement: Statement, column: ColumnField, value: string | null): string =>
  storedSql(column, statement.parameter(value, column.type.list ? 'text' : sentType(column)));

interface TargetSql {
  /** What to join with the table; empty if nothing. */
  readonly from: string;
  readonly where: string;
}

function targetSql(
  statement: Statement,
  entity: Entity,
  { target, ifVersion }: Pick<UpdateParts, 'target' | 'ifVersion'>,
  lock: RowLock,
): TargetSql {
  const found =
    target.kind === 'key' ? keySql(statement, entity, target.key) : whereSql(statement, entity, target, lock);
  const version = ifVersion === undefined ? [] : [`t.xmin::text = ${statement.parameter(ifVersion, 'text')}`];
  const filter = within(entity, '');
  const conditions = [...found.conditions, ...version, ...(filter ? [filter] : [])];
  return { from: found.from, where: conditions.join(' AND ') || 'TRUE' };
}

interface Found {
  readonly from: string;
  readonly conditions: readonly string[];
}

/** @returns the condition that `t` has this key */
export const keyConditions = (statement: Statement, entity: Entity, { fields, values }: BoundKey): string[] =>
  fields.map((name, index) => {
    const column = columnOf(entity, name);
    return `t.${identifier(column.column)} = ${valueSql(statement, column, values[index]!)}`;
  });

const keySql = (statement: Statement, entity: Entity, key: BoundKey): Found => ({
  from: '',
  conditions: keyConditions(statement, entity, key),
});

type RowLock = 'UPDATE' | 'NO KEY UPDATE';

/**
 * A subquery finds the rows and locks them in lock order: PostgreSQL checks rows that changed meanwhile again, and two
 * such changes never deadlock.
 */
function whereSql(
  statement: Statement,
  entity: Entity,
  target: BoundTarget & { kind: 'where' },
  lock: RowLock,
): Found {
  const frame = statement.open(target.source, 't');
  const condition = target.where ? `(${conditionSql(statement, target.where)})` : 'TRUE';
  // A view has no rows to lock.
  if (entity.key.length === 0) return { from: '', conditions: [condition] };
  const key = entity.key.map(name => identifier(columnOf(entity, name).column));
  const listed = key.map((column, index) => `t.${column} AS k${index}`).join(', ');
  const found = `SELECT ${listed} FROM ${identifier(entity.table)} t${frame.joins} WHERE ${condition}${within(entity, ' AND ')} ORDER BY ${lockOrderSql(entity)} FOR ${lock} OF t`;
  return { from: `(${found}) AS f`, conditions: key.map((column, index) => `t.${column} = f.k${index}`) };
}

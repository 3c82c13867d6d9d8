// One prepared change -> its answer: with one statement if possible, otherwise a few in the same transaction.

import type { RawRow } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ReadAnswer } from '../ask/read-answer.ts';
import type { BoundDelete, BoundKey, BoundUpdate, BoundWrite } from '../bound/change.ts';
import type { Cursors } from '../cursor/cursor.ts';
import type { StatementNames } from '../plan/statement-names.ts';
import { Statement } from '../sql/statement.ts';
import { identifier } from '../sql/text.ts';
import {
  isConstant,
  isOrdered,
  isOwn,
  planChanged,
  planCounted,
  planRows,
  type RowsPlan,
} from './plan-answer.ts';
import type { PreparedChange } from './prepare.ts';
import { attempting } from './refusal/attempt.ts';
import { changeFault } from './refusal/fault.ts';
import { within } from './sql/batch.ts';
import { neededDefaults } from './sql/column-defaults.ts';
import { columnOf } from './sql/columns.ts';
import { unordered } from './sql/lock-order.ts';
import { deleteSql, insertSql, keyConditions, updateSql } from './sql/row.ts';
import type { RowsParts, Stored } from './write/row-state.ts';
import { batchOf, byShape, insertRows, outOfReach, updateBatch, updateRow } from './write/rows.ts';

export interface RunParts extends RowsParts {
  readonly cursors: Cursors;
  readonly names: StatementNames;
}

/** Whether one statement is enough: then it needs no explicit transaction. */
export function isSingle({ change, select }: PreparedChange): boolean {
  const { entity } = change;
  if (change.kind === 'delete') return true;
  if (entity.rowFilter) return false;
  const answers = !select || isOwn(entity, select.select);
  if (change.kind === 'update') return answers && change.row.links.length === 0;
  const { rows } = change;
  const plain = rows.every(row => row.links.length === 0) && byShape(rows).length === 1;
  return plain && answers && (rows.length === 1 || !select || isOrdered(select.select));
}

/** @throws Refused, Fault: NOT_FOUND, CONFLICT */
export function runChange(parts: RunParts, prepared: PreparedChange): Promise<ReadAnswer> {
  const { change } = prepared;
  switch (change.kind) {
    case 'insert':
    case 'upsert':
      return change.rows.length === 0 ? nothing() : write(parts, prepared, change);
    case 'update':
      return update(parts, prepared, change);
    case 'delete':
      return remove(parts, prepared, change);
  }
}

const nothing = async (): Promise<ReadAnswer> => ({ text: '[]', rows: 0, count: 0, truncated: [] });

async function write(parts: RunParts, prepared: PreparedChange, change: BoundWrite): Promise<ReadAnswer> {
  const { kind, entity, match, rows } = change;
  if (!isSingle(prepared)) {
    const stored = await insertRows(parts, { kind, entity, match, rows });
    return readBack(parts, prepared, stored);
  }
  const batch = batchOf(kind, entity, match, rows);
  const attempt = { entity, batch, rows };
  const defaults = await neededDefaults(parts.session, entity, batch);
  return single(parts, prepared, attempt, statement => insertSql(statement, entity, batch, defaults));
}

async function update(parts: RunParts, prepared: PreparedChange, change: BoundUpdate): Promise<ReadAnswer> {
  const { entity, target, row, reset, ifVersion } = change;
  if (isSingle(prepared) || target.kind === 'where') {
    const attempt = { entity, batch: updateBatch(entity, row), rows: [row] };
    const { fields, values } = row;
    const action = (statement: Statement) =>
      updateSql(statement, entity, { target, fields, values, reset, ifVersion, touch: false });
    const answer = await single(parts, prepared, attempt, action);
    if (target.kind === 'key' && answer.rows === 0) throw await missing(parts, entity, target.key, ifVersion);
    return answer;
  }
  const stored = await updateRow(parts, { entity, target, row, reset, ifVersion });
  if (!stored) throw await missing(parts, entity, target.key, ifVersion);
  return readBack(parts, prepared, [stored]);
}

async function remove(parts: RunParts, prepared: PreparedChange, change: BoundDelete): Promise<ReadAnswer> {
  const { entity, target, ifVersion } = change;
  const row = { path: target.kind === 'key' ? target.key.path : '', fields: [], values: [] };
  const attempt = { entity, batch: updateBatch(entity, row), rows: [row], deletes: true };
  const answer = await single(parts, prepared, attempt, statement =>
    deleteSql(statement, entity, { target, ifVersion }),
  );
  if (target.kind === 'key' && answer.rows === 0) throw await missing(parts, entity, target.key, ifVersion);
  return answer;
}

async function single(
  { session, signal, names, ...parts }: RunParts,
  { change, select, one, format, actor }: PreparedChange,
  attempt: Parameters<typeof attempting>[0],
  action: (statement: Statement) => string,
): Promise<ReadAnswer> {
  const run = ({ text, values }: Pick<RowsPlan, 'text' | 'values'>) =>
    attempting(attempt, () => session.query(text, values, { name: names.of(text), signal }));
  if (!select) {
    const filter = change.kind === 'update' ? within(change.entity, '') : '';
    const [[count, outside] = []] = (await run(planCounted(parts, action, actor, filter))).rows;
    if (outside !== undefined && outside !== '0') throw outOfReach(change.entity, attempt.rows[0]!.path);
    return counted(Number(count));
  }
  const plan = planChanged(parts, action, { select, format }, actor);
  const { rows } = await run(plan);
  return written(plan, unordered(rows, attempt.batch.order), one);
}

async function readBack(
  { session, signal, names, ...parts }: RunParts,
  { change: { entity }, select, one, format }: PreparedChange,
  stored: readonly Stored[],
): Promise<ReadAnswer> {
  if (!select) return counted(stored.length);
  const keys = stored.map(row => entity.key.map(name => row.get(name) ?? null));
  const plan = planRows(parts, entity, keys, { select, format });
  if (isConstant(select.select)) return written(plan, keys, one);
  const { rows } = await session.query(plan.text, plan.values, { name: names.of(plan.text), signal });
  return written(plan, rows, one);
}

function written({ writeRow, splices }: RowsPlan, rows: readonly RawRow[], one: boolean): ReadAnswer {
  const truncated = new Set<string>();
  const texts = rows.map(writeRow);
  const text = splices.apply(one ? (texts[0] ?? 'null') : `[${texts.join(',')}]`, truncated);
  return { text, rows: rows.length, count: rows.length, truncated: [...truncated] };
}

const counted = (count: number): ReadAnswer => ({ text: '[]', rows: count, count, truncated: [] });

/** @returns why no row was found: it does not exist, or it has another version */
async function missing(
  { session, catalog, signal }: RunParts,
  entity: Entity,
  key: BoundKey,
  ifVersion: string | undefined,
): Promise<Error> {
  const shownKey = key.fields.map((name, index) => `${name} ${shorten(key.values[index]!)}`).join(', ');
  const path = key.path || key.fields[0]!;
  const notFound = fault('NOT_FOUND', `There is no ${entity.single} with ${shownKey}.`, { target: path });
  if (ifVersion === undefined) return notFound;
  const statement = new Statement(catalog);
  const conditions = [...keyConditions(statement, entity, key), within(entity, '')].filter(Boolean);
  const text = `SELECT t.xmin::text, t.${identifier(columnOf(entity, entity.key[0]!).column)} FROM ${identifier(entity.table)} AS t WHERE ${conditions.join(' AND ')}`;
  const { rows } = await session.query(text, statement.values, { signal });
  const version = rows[0]?.[0];
  if (!version) return notFound;
  return changeFault([
    {
      path: 'ifVersion',
      code: 'STALE',
      message: `The ${entity.single} with ${shownKey} has changed since. Its version is ${version}.`,
      hint: 'Read the record again, then retry with its new version.',
      version,
    },
  ]);
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);

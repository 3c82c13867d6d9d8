// The selection of a change -> a statement that writes and reads in one, or one that reads the rows afterwards by their keys.

import type { Parameter } from '../../base/database/database.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import type { ChangeRow } from '../ask/entity-change.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundQuery, BoundSelection } from '../bound/query.ts';
import { rootShare } from '../check/cost/row-budget.ts';
import type { Cursors } from '../cursor/cursor.ts';
import { RowOutput } from '../plan/row.ts';
import { type RowWriter, rowWriter } from '../plan/row-shape.ts';
import { Splices } from '../sql/splice.ts';
import { type Frame, rowFilter, Statement } from '../sql/statement.ts';
import { identifier } from '../sql/text.ts';
import { actorSetting } from './actor.ts';
import { columnArrays, columnOf, unnestColumns } from './sql/columns.ts';
import { returning } from './sql/row.ts';

export interface PlanParts {
  readonly catalog: Catalog;
  readonly cursors: Cursors;
}

/** A statement whose rows are written as JSON objects. */
export interface RowsPlan {
  readonly text: string;
  readonly values: readonly Parameter[];
  readonly writeRow: RowWriter;
  readonly splices: Splices;
}

interface Answered {
  readonly select: BoundQuery;
  readonly format: OutputFormat;
}

/** The statement also sets the actor, which the triggers that fire at its end read. */
const changedSql = (statement: Statement, action: string, actor: string): string =>
  returning(
    action,
    `t.*, t.xmin, (SELECT set_config('${actorSetting}', ${statement.parameter(actor, 'text')}, true))`,
  );

/** @param action builds the SQL of the change, without RETURNING @returns a statement that writes rows and selects from them */
export function planChanged(
  parts: PlanParts,
  action: (statement: Statement) => string,
  { select, format }: Answered,
  actor: string,
): RowsPlan {
  const statement = new Statement(parts.catalog);
  const changed = changedSql(statement, action(statement), actor);
  const frame = statement.open(select.source);
  const output = rowsOf(parts, statement, frame, { select, format });
  const text = `WITH changed AS (${changed}) SELECT ${output.columns} FROM changed ${frame.alias}${frame.joins}`;
  return { ...output, text: statement.whole(text), values: statement.values };
}

/**
 * @param filter a condition on the rows, or empty; rows that no longer meet it are counted too
 * @returns a statement that writes rows and counts them
 */
export function planCounted(
  { catalog }: PlanParts,
  action: (statement: Statement) => string,
  actor: string,
  filter: string,
): Pick<RowsPlan, 'text' | 'values'> {
  const statement = new Statement(catalog);
  const changed = changedSql(statement, action(statement), actor);
  const outside = filter ? ', count(*) FILTER (WHERE NOT "~within")' : '';
  const checked = filter ? `${changed}, coalesce(${filter}, FALSE) AS "~within"` : changed;
  return {
    text: statement.whole(`WITH changed AS (${checked}) SELECT count(*)${outside} FROM changed`),
    values: statement.values,
  };
}

/** @param keys in the order of the answer @returns a statement that reads the rows with these keys */
export function planRows(
  parts: PlanParts,
  entity: Entity,
  keys: readonly ChangeRow[],
  { select, format }: Answered,
): RowsPlan {
  const statement = new Statement(parts.catalog);
  const columns = entity.key.map(name => columnOf(entity, name));
  for (const array of columnArrays(keys, columns.length)) statement.values.push(array);
  const frame = statement.open(select.source);
  const output = rowsOf(parts, statement, frame, { select, format });
  const names = columns.map((_, index) => `k${index}`);
  const meets = columns.map(({ column }, index) => `${frame.alias}.${identifier(column)} = k.k${index}`);
  const joined = [...meets, ...rowFilter(entity, frame.alias)].join(' AND ');
  const from = `${unnestColumns(columns)} WITH ORDINALITY AS k(${names.join(', ')}, place)`;
  const text = `SELECT ${output.columns} FROM ${from} JOIN ${identifier(entity.table)} ${frame.alias} ON ${joined}${frame.joins} ORDER BY k.place`;
  return { ...output, text: statement.whole(text), values: statement.values };
}

function rowsOf({ cursors }: PlanParts, statement: Statement, frame: Frame, { select, format }: Answered) {
  const splices = new Splices(cursors);
  const output = new RowOutput({ statement, splices, format }, frame, 0);
  frame.share = rootShare(select, select.take);
  const writeRow = rowWriter(output.shapeOf(select));
  return { writeRow, splices, columns: output.columns() };
}

/**
 * Whether the statement that writes the rows can also read this selection. It sees all tables as they were before, so the
 * selection must not lead back to the written entity.
 */
export const isOwn = (entity: Entity, select: readonly BoundSelection[]): boolean =>
  select.every(selection => {
    if (selection.kind !== 'relation') return ownKinds.has(selection.kind);
    const { relation, query } = selection;
    return !relation.list && query.source.entity !== entity && isOwn(entity, query.select);
  });

const ownKinds: ReadonlySet<BoundSelection['kind']> = new Set(['column', 'function', 'constant', 'version']);

/** Whether the selection reads nothing from the rows. */
export const isConstant = (select: readonly BoundSelection[]): boolean =>
  select.every(selection => selection.kind === 'constant');

/** Whether the statement returns rows in the order in which it wrote them. */
export const isOrdered = (select: readonly BoundSelection[]): boolean =>
  select.every(selection => selection.kind !== 'relation');

// Rows of one entity and their links -> set-based statements, whose number does not grow with the rows.

import { fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { EntityUpsert } from '../../ask/entity-change.ts';
import type { BoundTarget } from '../../bound/change.ts';
import { columnSql, Statement } from '../../sql/statement.ts';
import { fieldOfColumn } from '../check/writable.ts';
import { type Attempt, attempting } from '../refusal/attempt.ts';
import { changeFault } from '../refusal/fault.ts';
import { within } from '../sql/batch.ts';
import { neededDefaults } from '../sql/column-defaults.ts';
import { columnOf } from '../sql/columns.ts';
import { lockOrder, unordered } from '../sql/lock-order.ts';
import { insertSql, returning, updateSql } from '../sql/row.ts';
import { writeFar, writeNear } from './links.ts';
import type { Insertion, Row, RowsParts, Stored } from './row-state.ts';

const shapesMax = 100;

/** @returns the stored rows, in the order of the insertion's: their keys, and the requested columns */
export async function insertRows(parts: RowsParts, insertion: Insertion): Promise<Stored[]> {
  const { entity } = insertion;
  const rows = await writeNear(writers(parts), entity, insertion.rows);
  const returned = returnedFields(entity, rows, insertion.columns);
  const stored: Stored[] = new Array(rows.length);
  const shapes = byShape(rows);
  if (shapes.length > shapesMax) {
    throw fault('LIMIT_EXCEEDED', `The rows set ${shapes.length} different combinations of fields.`, {
      hint: `Set the same fields in every row. At most ${shapesMax} combinations are allowed.`,
    });
  }
  for (const places of shapes) {
    const group = places.map(place => rows[place]!);
    const found = await insertGroup(parts, insertion, group, returned);
    for (const [index, place] of places.entries()) stored[place] = found[index]!;
  }
  await writeFar(writers(parts), entity, rows, stored);
  return stored;
}

/** Links can create rows, which have links too. */
const writers = (parts: RowsParts) => ({
  ...parts,
  insertRows: (next: Insertion) => insertRows(parts, next),
});

async function insertGroup(
  parts: RowsParts,
  { kind, entity, match }: Insertion,
  group: readonly Row[],
  returned: readonly string[],
): Promise<Stored[]> {
  const statement = new Statement(parts.catalog);
  const batch = batchOf(kind, entity, match, group);
  const defaults = await neededDefaults(parts.session, entity, batch);
  const text = returning(insertSql(statement, entity, batch, defaults), returnedSql(entity, returned));
  const found = await runReturning(parts, { entity, batch, rows: group }, { text, statement, returned });
  if (found.length === group.length) return [...unordered(found, batch.order)];
  throw fault(
    'CONFLICT',
    `A row of ${entity.set} with this ${match.join(', ')} exists, but this API does not expose it.`,
  );
}

export function batchOf(
  mode: 'insert' | 'upsert',
  entity: Entity,
  match: readonly string[],
  rows: readonly Row[],
): EntityUpsert {
  const batch: EntityUpsert = {
    kind: 'upsert',
    entity: entity.name,
    fields: rows[0]!.fields,
    made: rows[0]!.made,
    match,
    mode,
    rows: rows.map(row => row.values),
  };
  return { ...batch, order: lockOrder(batch) };
}

/** @returns the indexes of the rows, grouped by the fields that they set, in an order that does not depend on the rows' */
export function byShape(rows: readonly Row[]): number[][] {
  const shapes = new Map<string, number[]>();
  for (const [place, { fields, made }] of rows.entries()) {
    const shape = `${fields.join()} ${made?.join() ?? ''}`;
    const same = shapes.get(shape);
    if (same) same.push(place);
    else shapes.set(shape, [place]);
  }
  return [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, places]) => places);
}

export interface RowUpdate {
  readonly entity: Entity;
  readonly target: BoundTarget;
  readonly row: Row;
  readonly reset?: readonly string[];
  readonly ifVersion?: string;
}

/** @returns the stored row, or undefined if none has this key and version */
export async function updateRow(parts: RowsParts, update: RowUpdate): Promise<Stored | undefined> {
  const { entity, target, reset, ifVersion } = update;
  const [row] = (await writeNear(writers(parts), entity, [update.row])) as [Row];
  const returned = returnedFields(entity, [row]);
  const statement = new Statement(parts.catalog);
  const { fields, values, links } = row;
  const touch = links.length > 0;
  const action = updateSql(statement, entity, { target, fields, values, reset, ifVersion, touch });
  const attempt = { entity, batch: updateBatch(entity, row), rows: [row] };
  const text = returning(action, returnedSql(entity, returned));
  const [stored] = await runReturning(parts, attempt, { text, statement, returned });
  if (stored) await writeFar(writers(parts), entity, [row], [stored]);
  return stored;
}

/** @returns an update in the form that `explainRefused` takes */
export const updateBatch = (
  entity: Entity,
  { fields, values }: Pick<Row, 'fields' | 'values'>,
): EntityUpsert => ({
  kind: 'upsert',
  entity: entity.name,
  fields,
  match: [],
  mode: 'update',
  rows: [values],
});

async function runReturning(
  { session, signal }: RowsParts,
  attempt: Attempt,
  {
    text,
    statement,
    returned,
  }: { readonly text: string; readonly statement: Statement; readonly returned: readonly string[] },
): Promise<Stored[]> {
  const { rows } = await attempting(attempt, () =>
    session.query(statement.whole(text), statement.values, { signal }),
  );
  const outside = rows.findIndex(row => row[returned.length] === 'f');
  if (outside >= 0) throw outOfReach(attempt.entity, attempt.rows[outside]!.path);
  return rows.map(row => new Map(returned.map((name, index) => [name, row[index]!])));
}

/** A change must not move a row outside the entity's row filter. */
export const outOfReach = (entity: Entity, path: string) =>
  changeFault([
    {
      path,
      code: 'RULE_BROKEN',
      message: `With these values, ${entity.set} would no longer expose the row.`,
    },
  ]);

function returnedSql(entity: Entity, returned: readonly string[]): string {
  const columns = returned.map(name => `${columnSql(columnOf(entity, name), 't')}::text`);
  return [...columns, `coalesce(${within(entity, '') || 'TRUE'}, FALSE)`].join(', ');
}

/** The key, and the columns that rows at the other ends of links will reference. */
function returnedFields(entity: Entity, rows: readonly Row[], columns: readonly string[] = []): string[] {
  const needed = new Set(columns);
  for (const { links } of rows) {
    for (const { side, relation } of links) {
      if (side === 'near') continue;
      const { local } = relation.link;
      for (const column of typeof local === 'string' ? [local] : local) needed.add(column);
    }
  }
  const fields = [...needed].map(column => fieldOfColumn(entity, column)!.name);
  return [...new Set([...entity.key, ...fields])];
}

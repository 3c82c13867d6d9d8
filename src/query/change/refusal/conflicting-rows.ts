// Finds the rows of a change that meet a condition, with one statement for all of them.

import type { Session } from '../../../base/database/database.ts';
import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { EntityUpsert } from '../../ask/entity-change.ts';
import { identifier } from '../../sql/text.ts';
import { within } from '../sql/batch.ts';
import { columnArrays, columnOf, transported, unnestColumns } from '../sql/columns.ts';
import type { Constraint } from './constraint.ts';

/** @returns indexes of the rows for which no stored row has the same key */
export function rowsWithoutCounterpart(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
): Promise<number[]> {
  const matches = change.match.map(name => ({ target: columnOf(entity, name).column, name }));
  const condition = `NOT EXISTS (SELECT FROM ${identifier(entity.table)} AS t
WHERE ${matches.map(({ target, name }) => `t.${identifier(target)} = r.${identifier(name)}`).join(' AND ')}${within(entity, ' AND ')})`;
  return search(session, entity, change, { names: change.match, condition });
}

/** @returns indexes of the rows whose foreign key references no row */
export function rowsWithoutReference(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  {
    constraint: { foreignTable, foreignColumns },
    fields,
  }: { readonly constraint: Constraint; readonly fields: readonly string[] },
): Promise<number[]> {
  const isSet = fields.map(name => `r.${identifier(name)} IS NOT NULL`).join(' AND ');
  const meets = fields
    .map((name, i) => `f.${identifier(foreignColumns[i]!)} = r.${identifier(name)}`)
    .join(' AND ');
  const condition = `${isSet} AND NOT EXISTS (SELECT FROM ${foreignTable} AS f WHERE ${meets})`;
  return search(session, entity, change, { names: fields, condition });
}

/** @returns indexes of the rows whose unique values a stored row, or an earlier row of the change, has already */
export function rowsWithTakenValues(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  fields: readonly string[],
): Promise<number[]> {
  const same = fields.map(name => `t.${identifier(columnOf(entity, name).column)} = r.${identifier(name)}`);
  const other = change.match.map(
    name => `t.${identifier(columnOf(entity, name).column)} IS DISTINCT FROM r.${identifier(name)}`,
  );
  const conditions = change.mode === 'insert' ? same : [...same, `(${other.join(' OR ')})`];
  const isSet = fields.map(name => `r.${identifier(name)} IS NOT NULL`).join(' AND ');
  const condition = `${isSet} AND (r.turn > 1 OR EXISTS (SELECT FROM ${identifier(entity.table)} AS t WHERE ${conditions.join(' AND ')}))`;
  return search(session, entity, change, {
    names: [...new Set([...fields, ...change.match])],
    condition,
    repeated: fields,
  });
}

/**
 * @param names fields that the condition reads as columns of `r`
 * @param repeated fields of which `r.turn` counts the repetitions
 */
async function search(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  {
    names,
    condition,
    repeated,
  }: { readonly names: readonly string[]; readonly condition: string; readonly repeated?: readonly string[] },
): Promise<number[]> {
  const places = names.map(name => change.fields.indexOf(name));
  const columns = names.map(name => columnOf(entity, name));
  const rows = change.rows.map(row => places.map(place => row[place] ?? null));
  const text = `SELECT r.place FROM (${source(names, columns, repeated)}) AS r WHERE ${condition} ORDER BY r.place`;
  const result = await session.query(text, columnArrays(rows, names.length));
  return result.rows.map(([place]) => Number(place) - 1);
}

function source(
  names: readonly string[],
  columns: readonly ColumnField[],
  repeated?: readonly string[],
): string {
  const aliases = names.map((_, i) => `c${i}`);
  const values = columns.map((column, i) => `${transported(`u.c${i}`, column)} AS ${identifier(names[i]!)}`);
  const turnOf = repeated?.map(name => aliases[names.indexOf(name)]).join(', ');
  const turn = turnOf ? `, row_number() OVER (PARTITION BY ${turnOf} ORDER BY u.place) AS turn` : '';
  return `SELECT ${values.join(', ')}, u.place${turn}
FROM ${unnestColumns(columns)} WITH ORDINALITY AS u(${aliases.join(', ')}, place)`;
}

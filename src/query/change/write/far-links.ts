// Writes relations that are stored in the rows at the other end: `order.items`, `product.sheet`.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { ChangeRow } from '../../ask/entity-change.ts';
import type { BoundKey } from '../../bound/change.ts';
import { identifier } from '../../sql/text.ts';
import { fieldOfColumn } from '../check/writable.ts';
import { attempting } from '../refusal/attempt.ts';
import { within } from '../sql/batch.ts';
import { columnArrays, columnOf, unnestColumns } from '../sql/columns.ts';
import { lockOrderSql } from '../sql/lock-order.ts';
import { byWay, refuseMissing } from './find-rows.ts';
import { type Linked, type LinkParts, type Stored, withValues } from './row-state.ts';

export async function writeFarLinks(
  parts: LinkParts,
  entity: Entity,
  stored: readonly Stored[],
  links: readonly Linked[],
): Promise<void> {
  const { relation, target } = links[0]!.link;
  if (relation.link.kind !== 'columns') return;
  const own = relation.link.local.map(name => fieldOfColumn(entity, name)!.name);
  const columns = relation.link.foreign.map(name => fieldOfColumn(target, name)!);
  const valuesOf = (row: number) => own.map(name => stored[row]!.get(name) ?? null);
  const far: Far = { parts, target, columns, valuesOf };
  await disconnect(far, links, relation.list);
  await connect(far, links);
  const rows = links.flatMap(({ row, link }) =>
    link.create.map(data => withValues(data, columns, valuesOf(row), link.path)),
  );
  if (rows.length > 0) await parts.insertRows({ kind: 'insert', entity: target, match: [], rows });
}

interface Far {
  readonly parts: LinkParts;
  readonly target: Entity;
  /** The foreign key. */
  readonly columns: readonly ColumnField[];
  /** The value of the foreign key for a row at the near end. */
  readonly valuesOf: (row: number) => ChangeRow;
}

/** Connecting a to-one relation disconnects its previous record. */
async function disconnect(far: Far, links: readonly Linked[], list: boolean): Promise<void> {
  const mayCut = far.columns.every(column => column.nullable);
  const all = links.filter(
    ({ link }) => link.disconnect === true || (!list && mayCut && link.connect.length > 0),
  );
  if (all.length > 0) {
    const owners = all.map(({ row }) => far.valuesOf(row));
    await update(far, far.columns, owners, 'NULL');
  }
  const named = links.flatMap(({ row, link }) =>
    link.disconnect === true ? [] : link.disconnect.map(key => ({ row, key })),
  );
  for (const group of grouped(named)) {
    const keys = group[0]!.key.fields.map(name => columnOf(far.target, name));
    const rows = group.map(({ row, key }) => [...key.values, ...far.valuesOf(row)]);
    await update(far, [...keys, ...far.columns], rows, 'NULL');
  }
}

async function connect(far: Far, links: readonly Linked[]): Promise<void> {
  const named = links.flatMap(({ row, link }) => link.connect.map(key => ({ row, key })));
  for (const group of grouped(named)) {
    const keys = group[0]!.key.fields.map(name => columnOf(far.target, name));
    const rows = group.map(({ row, key }) => [...key.values, ...far.valuesOf(row)]);
    const batch = {
      kind: 'upsert',
      entity: far.target.name,
      fields: far.columns.map(column => column.name),
      match: [],
      mode: 'update',
      rows: group.map(({ row }) => far.valuesOf(row)),
    } as const;
    const attempt = { entity: far.target, batch, rows: group.map(({ key }) => key) };
    const found = await attempting(attempt, () => update(far, keys, rows, 'r'));
    refuseMissing(
      far.target,
      group.map(({ key }) => key),
      index => !found.has(index),
    );
  }
}

interface Named {
  readonly row: number;
  readonly key: BoundKey;
}

const grouped = (named: readonly Named[]): Named[][] =>
  byWay(named.map(({ key }) => key)).map(places => places.map(place => named[place]!));

/**
 * @param known columns by which rows are found; in `rows`, values of the foreign key follow them if it is set
 * @param value what the foreign key becomes: null, or the values in `rows`
 * @returns the indexes in `rows` for which a row was found
 */
async function update(
  { parts, target, columns }: Far,
  known: readonly ColumnField[],
  rows: readonly ChangeRow[],
  value: 'NULL' | 'r',
): Promise<ReadonlySet<number>> {
  const sent = value === 'r' ? [...known, ...columns] : known;
  const sets = columns.map(
    ({ column }, index) => `${identifier(column)} = ${value === 'r' ? `r.c${known.length + index}` : 'NULL'}`,
  );
  for (const field of target.fields.values())
    if (field.kind === 'column' && field.updatedAt) sets.push(`${identifier(field.column)} = now()`);
  const meets = known.map(({ column }, index) => `t.${identifier(column)} = r.c${index}`).join(' AND ');
  const table = identifier(target.table);
  const text = `UPDATE ${table} AS t SET ${sets.join(', ')}
FROM (SELECT r.* FROM ${unnestColumns(sent)} WITH ORDINALITY AS r(${sent.map((_, index) => `c${index}`).join(', ')}, place)
JOIN ${table} AS t ON ${meets} ORDER BY ${lockOrderSql(target)} FOR NO KEY UPDATE OF t) AS r
WHERE ${meets}${within(target, ' AND ')} RETURNING r.place`;
  const result = await parts.session.query(text, columnArrays(rows, sent.length), { signal: parts.signal });
  return new Set(result.rows.map(([place]) => Number(place) - 1));
}

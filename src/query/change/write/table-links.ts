// Writes many-to-many relations, which a join table stores.

import type { ColumnField, Entity, Link } from '../../../catalog/catalog.ts';
import type { ChangeRow } from '../../ask/entity-change.ts';
import type { BoundKey } from '../../bound/change.ts';
import { identifier } from '../../sql/text.ts';
import { fieldOfColumn } from '../check/writable.ts';
import { columnArrays, unnestColumns } from '../sql/columns.ts';
import { findAll, findRows } from './find-rows.ts';
import type { Linked, LinkParts, Stored } from './row-state.ts';

export async function writeTableLinks(
  parts: LinkParts,
  entity: Entity,
  stored: readonly Stored[],
  links: readonly Linked[],
): Promise<void> {
  const { relation, target } = links[0]!.link;
  const { link } = relation;
  if (link.kind !== 'table') return;
  const columns = [fieldOfColumn(entity, link.local)!, fieldOfColumn(target, link.foreign)!] as const;
  const table: Table = {
    parts,
    link,
    target,
    columns,
    near: row => stored[row]!.get(columns[0].name) ?? null,
  };
  await cut(table, links);
  const made = await create(table, links);
  const kept = await pairs(table, links, ({ link: one }) => [...one.connect, ...(one.set ?? [])], findAll);
  await insert(table, [...made, ...kept]);
}

interface Table {
  readonly parts: LinkParts;
  readonly link: Link & { readonly kind: 'table' };
  readonly target: Entity;
  /** The key columns of the near and the far end. */
  readonly columns: readonly [ColumnField, ColumnField];
  readonly near: (row: number) => string | null;
}

/** Removes links. `set` removes all of them: those to keep are inserted again. */
async function cut(table: Table, links: readonly Linked[]): Promise<void> {
  const { parts, link, columns } = table;
  const all = links.filter(one => one.link.disconnect === true || one.link.set !== undefined);
  if (all.length > 0) {
    const text = `DELETE FROM ${identifier(link.table)} AS j USING ${unnestColumns([columns[0]])} AS r(c0) WHERE j.${identifier(link.near)} = r.c0`;
    const rows = all.map(({ row }) => [table.near(row)]);
    await parts.session.query(text, columnArrays(rows, 1), { signal: parts.signal });
  }
  const named = ({ link: one }: Linked) => (one.disconnect === true ? [] : one.disconnect);
  // A record that does not exist is not linked.
  const gone = await pairs(table, links, named, findRows);
  if (gone.length === 0) return;
  const text = `DELETE FROM ${identifier(link.table)} AS j USING ${unnestColumns(columns)} AS r(c0, c1)
WHERE j.${identifier(link.near)} = r.c0 AND j.${identifier(link.far)} = r.c1`;
  await parts.session.query(text, columnArrays(gone, 2), { signal: parts.signal });
}

async function create(table: Table, links: readonly Linked[]): Promise<ChangeRow[]> {
  const created = links.flatMap(({ row, link }) => link.create.map(data => ({ row, data })));
  if (created.length === 0) return [];
  const { parts, target, link, columns } = table;
  const rows = created.map(({ data }) => data);
  const made = await parts.insertRows({
    kind: 'insert',
    entity: target,
    match: [],
    rows,
    columns: [link.foreign],
  });
  return created.map(({ row }, index) => [table.near(row), made[index]!.get(columns[1].name) ?? null]);
}

/** @returns the near and far key of each link */
async function pairs(
  table: Table,
  links: readonly Linked[],
  keysOf: (linked: Linked) => readonly BoundKey[],
  find: typeof findRows,
): Promise<ChangeRow[]> {
  const named = links.flatMap(linked => keysOf(linked).map(key => ({ row: linked.row, key })));
  if (named.length === 0) return [];
  const keys = named.map(({ key }) => key);
  const found = await find(table.parts, table.target, keys, [table.link.foreign]);
  return named.flatMap(({ row }, index) => {
    const far = found[index];
    return far ? [[table.near(row), far[0]!]] : [];
  });
}

async function insert({ parts, link, columns }: Table, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  const text = `INSERT INTO ${identifier(link.table)} (${identifier(link.near)}, ${identifier(link.far)})
SELECT r.c0, r.c1 FROM ${unnestColumns(columns)} AS r(c0, c1) ON CONFLICT DO NOTHING`;
  await parts.session.query(text, columnArrays(rows, 2), { signal: parts.signal });
}

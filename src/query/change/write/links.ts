// Writes the links of many rows at once: the number of statements per relation does not grow with the rows.

import type { Entity } from '../../../catalog/catalog.ts';
import type { BoundKey, BoundLink } from '../../bound/change.ts';
import { fieldOfColumn } from '../check/writable.ts';
import { columnOf } from '../sql/columns.ts';
import { writeFarLinks } from './far-links.ts';
import { findAll } from './find-rows.ts';
import { type Linked, type LinkParts, type Row, type Stored, withValues } from './row-state.ts';
import { writeTableLinks } from './table-links.ts';

/** Runs before the rows are written. @returns the rows with the foreign keys that they store */
export async function writeNear(
  parts: LinkParts,
  entity: Entity,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  let written = rows;
  for (const links of byRelation(rows, 'near')) written = await writeNearLinks(parts, entity, written, links);
  return written;
}

/** Runs after the rows are written: foreign keys in other rows, and join tables. */
export async function writeFar(
  parts: LinkParts,
  entity: Entity,
  rows: readonly Row[],
  stored: readonly Stored[],
): Promise<void> {
  for (const links of byRelation(rows, 'far')) await writeFarLinks(parts, entity, stored, links);
  for (const links of byRelation(rows, 'table')) await writeTableLinks(parts, entity, stored, links);
}

function byRelation(rows: readonly Row[], side: BoundLink['side']): Linked[][] {
  const relations = new Map<string, Linked[]>();
  for (const [row, { links }] of rows.entries()) {
    for (const link of links) {
      if (link.side !== side) continue;
      const same = relations.get(link.relation.name);
      if (same) same.push({ row, link });
      else relations.set(link.relation.name, [{ row, link }]);
    }
  }
  return [...relations.values()];
}

async function writeNearLinks(
  parts: LinkParts,
  entity: Entity,
  rows: readonly Row[],
  links: readonly Linked[],
): Promise<readonly Row[]> {
  const { relation, target } = links[0]!.link;
  if (relation.link.kind !== 'columns') return rows;
  const { local, foreign } = relation.link;
  const columns = local.map(name => fieldOfColumn(entity, name)!);
  const made = await create(parts, target, links, foreign);
  const found = await connect(parts, target, links, foreign);
  const written = [...rows];
  for (const { row, link } of links) {
    const values = made.get(row) ?? found.get(row) ?? foreign.map(() => null);
    const place = link.connect[0]?.path ?? link.path;
    written[row] = withValues(written[row]!, columns, values, place);
  }
  return written;
}

type ByRow = ReadonlyMap<number, readonly (string | null)[]>;

async function create(
  parts: LinkParts,
  target: Entity,
  links: readonly Linked[],
  columns: readonly string[],
): Promise<ByRow> {
  const creating = links.filter(({ link }) => link.create.length > 0);
  if (creating.length === 0) return new Map();
  const rows = creating.map(({ link }) => link.create[0]!);
  const stored = await parts.insertRows({ kind: 'insert', entity: target, match: [], rows, columns });
  const names = columns.map(column => fieldOfColumn(target, column)!.name);
  return new Map(
    creating.map(({ row }, index) => [row, names.map(name => stored[index]!.get(name) ?? null)]),
  );
}

/** A key that consists of the referenced columns needs no lookup: the foreign key constraint checks it. */
async function connect(
  parts: LinkParts,
  target: Entity,
  links: readonly Linked[],
  columns: readonly string[],
): Promise<ByRow> {
  const connecting = links.filter(({ link }) => link.connect.length > 0);
  const keys = connecting.map(({ link }) => link.connect[0]!);
  const known = keys.map(key => storedOf(target, key, columns));
  const unknown = keys.filter((_, index) => !known[index]);
  const found = unknown.length > 0 ? await findAll(parts, target, unknown, columns) : [];
  let next = 0;
  return new Map(connecting.map(({ row }, index) => [row, known[index] ?? found[next++]!]));
}

function storedOf(
  target: Entity,
  { fields, values }: BoundKey,
  columns: readonly string[],
): string[] | undefined {
  if (target.rowFilter) return undefined;
  const named = fields.map(name => columnOf(target, name).column);
  if (named.length !== columns.length || !columns.every(column => named.includes(column))) return undefined;
  return columns.map(column => values[named.indexOf(column)]!);
}

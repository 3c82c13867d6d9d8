// Finds rows by their keys, all of them at once.

import type { Entity } from '../../../catalog/catalog.ts';
import type { BoundKey } from '../../bound/change.ts';
import { identifier } from '../../sql/text.ts';
import { type ChangeFault, changeFault } from '../refusal/fault.ts';
import { within } from '../sql/batch.ts';
import { columnArrays, columnOf, unnestColumns } from '../sql/columns.ts';
import type { RowsParts } from './row-state.ts';

type Found = readonly (string | null)[];

/** @param columns of the database, of each row that is found @returns undefined for keys without a row */
export async function findRows(
  parts: RowsParts,
  entity: Entity,
  keys: readonly BoundKey[],
  columns: readonly string[],
): Promise<(Found | undefined)[]> {
  const found: (Found | undefined)[] = new Array(keys.length).fill(undefined);
  for (const places of byWay(keys)) {
    const same = places.map(place => keys[place]!);
    const text = findStatement(entity, same[0]!.fields, columns);
    const values = columnArrays(
      same.map(key => key.values),
      same[0]!.fields.length,
    );
    const { rows } = await parts.session.query(text, values, { signal: parts.signal });
    for (const [place, ...texts] of rows) found[places[Number(place) - 1]!] = texts;
  }
  return found;
}

/** @throws INVALID_VALUE that names every key without a row */
export async function findAll(...query: Parameters<typeof findRows>): Promise<Found[]> {
  const found = await findRows(...query);
  refuseMissing(query[1], query[2], index => found[index] === undefined);
  return found as Found[];
}

/** @throws INVALID_VALUE that names every key without a row */
export function refuseMissing(
  entity: Entity,
  keys: readonly BoundKey[],
  isMissing: (index: number) => boolean,
): void {
  const missing = keys.filter((_, index) => isMissing(index));
  if (missing.length > 0) throw changeFault(missing.map(key => noSuch(entity, key)));
}

export const noSuch = (entity: Entity, { path, fields }: BoundKey): ChangeFault => ({
  path: fields.length === 1 ? `${path}.${fields[0]}` : path,
  code: 'NO_SUCH_REFERENCE',
  message: `There is no ${entity.name} with this ${fields.join(', ')}.`,
});

/** @returns the indexes of the keys, grouped by the fields that they consist of */
export function byWay(keys: readonly BoundKey[]): number[][] {
  const ways = new Map<string, number[]>();
  for (const [place, { fields }] of keys.entries()) {
    const way = fields.join();
    const same = ways.get(way);
    if (same) same.push(place);
    else ways.set(way, [place]);
  }
  return [...ways.values()];
}

function findStatement(entity: Entity, fields: readonly string[], columns: readonly string[]): string {
  const keys = fields.map(name => columnOf(entity, name));
  const names = keys.map((_, index) => `k${index}`);
  const meets = keys.map(({ column }, index) => `t.${identifier(column)} = k.k${index}`).join(' AND ');
  const listed = columns.map(column => `t.${identifier(column)}::text`);
  return `SELECT ${['k.place', ...listed].join(', ')}
FROM ${unnestColumns(keys)} WITH ORDINALITY AS k(${names.join(', ')}, place)
JOIN ${identifier(entity.table)} AS t ON ${meets}${within(entity, ' AND ')}`;
}

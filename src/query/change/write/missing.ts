// Finds all related records that a failed change references and that do not exist, so that its error reports them
// together rather than one per attempt.

import type { Catalog, Entity, Field } from '../../../catalog/catalog.ts';
import type { BoundChange, BoundKey, BoundRow } from '../../bound/change.ts';
import { fieldOfColumn } from '../check/writable.ts';
import type { ChangeFault } from '../refusal/fault.ts';
import { findRows, noSuch } from './find-rows.ts';
import type { RowsParts } from './row-state.ts';

/** A record that must exist, and the error if it does not. */
interface Named {
  readonly key: BoundKey;
  readonly fault: ChangeFault;
}

/**
 * @param changes of one request, up to the one that failed: rows that they create are not missing
 * @param faults the known errors of the last change
 * @returns these, and an error for each record that it references and that does not exist
 */
export async function withMissing(
  parts: RowsParts,
  changes: readonly BoundChange[],
  faults: readonly ChangeFault[],
): Promise<readonly ChangeFault[]> {
  const known = new Set(faults.map(({ path }) => path));
  const made = new MadeRows(changes);
  const all = [...faults];
  for (const [entity, named] of namedIn(parts.catalog, changes.at(-1)!)) {
    const unreported = named.filter(({ key, fault }) => !known.has(fault.path) && !known.has(key.path));
    const keys = unreported.map(({ key }) => key);
    const found = await findRows(parts, entity, keys, []);
    all.push(
      ...unreported
        .filter(({ key }, index) => found[index] === undefined && !made.has(entity, key))
        .map(({ fault }) => fault),
    );
  }
  return all;
}

function namedIn(catalog: Catalog, change: BoundChange): Map<Entity, Named[]> {
  const named = new Map<Entity, Named[]>();
  const add = (entity: Entity, one: Named) => {
    const others = named.get(entity);
    if (others) others.push(one);
    else named.set(entity, [one]);
  };
  for (const { entity, row } of rowsOf(change)) {
    for (const { target, connect, set = [] } of row.links)
      for (const key of [...connect, ...set])
        if (isWhole(key)) add(target, { key, fault: noSuch(target, key) });
    for (const field of entity.fields.values()) {
      const reference = referenceOf(catalog, field, { entity, row });
      if (reference) add(reference.target, reference.named);
    }
  }
  return named;
}

/** Whether no value of the key was rejected: rejected values are empty. */
const isWhole = ({ values }: BoundKey): boolean => values.every(value => value !== '');

interface RowOf {
  readonly entity: Entity;
  readonly row: BoundRow;
}

/** @returns the rows that a change writes, including rows along relations */
function* rowsOf(change: BoundChange): Iterable<RowOf> {
  const { entity } = change;
  if (change.kind === 'delete') return;
  for (const row of change.kind === 'update' ? [change.row] : change.rows) yield* within(entity, row);
}

function* within(entity: Entity, row: BoundRow): Iterable<RowOf> {
  yield { entity, row };
  for (const { target, create } of row.links) for (const inner of create) yield* within(target, inner);
}

/** @returns what a relation leads to whose foreign key the row says itself, by one column; a filter may hide what is there */
function referenceOf(
  catalog: Catalog,
  field: Field,
  { entity, row }: RowOf,
): { target: Entity; named: Named } | undefined {
  if (field.kind !== 'relation' || field.link.kind !== 'columns' || !field.link.owner) return undefined;
  const target = catalog.entities.get(field.target)!;
  const { local, foreign } = field.link;
  const column = fieldOfColumn(entity, local[0]!);
  const known = fieldOfColumn(target, foreign[0]!);
  const value = column && row.values[row.fields.indexOf(column.name)];
  if (local.length > 1 || target.rowFilter || !known || typeof value !== 'string') return undefined;
  const path = row.path ? `${row.path}.${column!.name}` : column!.name;
  const message = `There is no ${target.name} with this ${column!.name}.`;
  const named: Named = {
    key: { path, fields: [known.name], values: [value] },
    fault: { path, code: 'NO_SUCH_REFERENCE', message },
  };
  return { target, named };
}

/** The rows that a request creates, indexed by the values of any fields. */
class MadeRows {
  readonly #rows: readonly RowOf[];
  readonly #known = new Map<string, Set<string>>();

  constructor(changes: readonly BoundChange[]) {
    this.#rows = changes.filter(change => change.kind !== 'update').flatMap(change => [...rowsOf(change)]);
  }

  has(entity: Entity, { fields, values }: BoundKey): boolean {
    const way = JSON.stringify([entity.name, fields]);
    const known = this.#known.get(way) ?? this.#valuesOf(entity, fields);
    this.#known.set(way, known);
    return known.has(JSON.stringify(values));
  }

  #valuesOf(entity: Entity, fields: readonly string[]): Set<string> {
    const rows = this.#rows.filter(one => one.entity === entity).map(({ row }) => row);
    return new Set(
      rows.map(row => JSON.stringify(fields.map(name => row.values[row.fields.indexOf(name)] ?? null))),
    );
  }
}

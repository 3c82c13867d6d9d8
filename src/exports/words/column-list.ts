// `id, category.name, *`: a list of columns instead of a nested selection.

import { type FieldNode, Kind } from 'graphql';
import { fault } from '../../base/errors.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';

const columnShape = /^(?:\w+\.)*(?:\w+|\*)$/;

/** More columns than a query can have fields. */
const columnsMax = 5_000;

/** @returns the columns, or undefined for a selection without dots and asterisks */
export function splitColumns(text: string): string[] | undefined {
  if (!/[.*]/.test(text)) return undefined;
  const names = text.split(/[\s,]+/).filter(name => name !== '');
  return names.every(name => columnShape.test(name)) ? names : undefined;
}

/**
 * @param fieldsOf returns the fields that `*` stands for
 * @returns the columns by name, each once @throws LIMIT_EXCEEDED, UNKNOWN_FIELD for a relation that does not exist
 */
export function expandColumns(
  catalog: Catalog,
  entity: Entity,
  columns: readonly string[],
  fieldsOf: (entity: Entity) => readonly string[],
): string[] {
  const expanded = columns.flatMap(column => {
    if (column !== '*' && !column.endsWith('.*')) return [column];
    const path = column.split('.').slice(0, -1);
    const target = path.reduce((from, name) => targetOf(catalog, from, name), entity);
    return fieldsOf(target).map(name => [...path, name].join('.'));
  });
  if (expanded.length > columnsMax)
    throw fault('LIMIT_EXCEEDED', `An export has at most ${columnsMax} columns.`, { target: 'select' });
  return [...new Set(expanded)];
}

function targetOf(catalog: Catalog, entity: Entity, name: string): Entity {
  const field = entity.fields.get(name);
  if (field?.kind === 'relation') return catalog.entities.get(field.target)!;
  throw fault('UNKNOWN_FIELD', `${entity.set} has no relation "${name}".`, { target: 'select' });
}

/** @returns the columns as a nested selection */
export function columnNodes(columns: readonly string[]): FieldNode[] {
  const below = Map.groupBy(columns, column => column.split('.', 1)[0]!);
  return [...below].map(([name, paths]) => {
    const inner = paths.filter(path => path !== name).map(path => path.slice(name.length + 1));
    const field: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } };
    if (inner.length === 0) return field;
    return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: columnNodes(inner) } };
  });
}

// The columns of a file, and which of a row's cells each of them holds.

import { type Fault, fault } from '../base/errors.ts';
import type { Catalog, Scalar, ValueType } from '../catalog/catalog.ts';
import type { EntityQuery, Selection } from '../query/ask/entity-query.ts';

/** What the cells of a column are. */
export type ColumnKind =
  | Exclude<Scalar, 'Json' | 'Duration'>
  /** A list of values, as a JSON array. */
  | 'List'
  /** JSON: a Json field, a list of related records, aggregates. */
  | 'Json'
  /** What a TypeScript function computed, as JSON. */
  | 'Computed';

export interface Column {
  /** As the header has it: `name`, `category.name`. */
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: ColumnKind;
  /** The place in the rows that `Engine.runCells` returns. */
  readonly cell: number;
  /** Of decimals, if it is fixed. */
  readonly scale?: number;
}

export interface ColumnOptions {
  /** Between the names of a path. */
  readonly separator: '.' | '/';
  /** What becomes of a list of related records. */
  readonly lists: 'json' | 'refuse';
}

/** @returns one column for each value of a row, with to-one relations flattened @throws INVALID_OPERATION for lists that are refused */
export function toColumns(
  catalog: Catalog,
  { entity, select }: Pick<EntityQuery, 'entity' | 'select'>,
  options: ColumnOptions,
): Column[] {
  let cells = 0;
  const visit = (model: string, selections: readonly Selection[], before: readonly string[]): Column[] =>
    selections.flatMap(selection => {
      const path = [...before, selection.as];
      if (selection.kind === 'relation' && selection.query.cardinality === 'one')
        return visit(selection.query.entity, selection.query.select, path);
      const name = path.join(options.separator);
      if (selection.kind === 'relation' && options.lists === 'refuse') throw noLists(name, selection.at);
      return [{ name, path, cell: cells++, ...typeOf(catalog, model, selection) }];
    });
  return visit(entity, select, []);
}

const noLists = (name: string, at?: number): Fault =>
  fault('INVALID_OPERATION', `CSV cannot contain "${name}", which is a list of related entities.`, {
    hint: 'Leave it out, or request JSON.',
    target: name,
    at,
  });

function typeOf(catalog: Catalog, model: string, selection: Selection): Pick<Column, 'kind' | 'scale'> {
  switch (selection.kind) {
    case 'field':
      return typeOfField(catalog, model, selection.field);
    case 'count':
      return { kind: 'Int' };
    case 'relation':
    case 'aggregate':
      return { kind: 'Json' };
    default:
      return { kind: 'String' };
  }
}

function typeOfField(catalog: Catalog, model: string, name: string): Pick<Column, 'kind' | 'scale'> {
  const field = catalog.entities.get(model)?.fields.get(name);
  if (!field || field.kind === 'relation') return { kind: 'String' };
  if (field.kind === 'function') return { kind: 'Computed' };
  return { kind: kindOf(field.type), scale: field.type.scalar === 'Decimal' ? field.scale : undefined };
}

const kindOf = ({ list, scalar }: ValueType): ColumnKind =>
  list ? 'List' : scalar === 'Duration' ? 'String' : scalar;

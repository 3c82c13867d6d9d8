// The columns of an export, and where to find their values in a row.

import { fault } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Selection } from '../../query/ask/entity-query.ts';

export interface CsvColumn {
  /** As written in the header: `name`, `category/name`. */
  readonly name: string;
  readonly path: readonly string[];
  readonly holds: 'values' | 'lists' | 'json';
}

/** @throws INVALID_OPERATION for values that do not fit into one line */
export function toCsvColumns(
  catalog: Catalog,
  model: string,
  select: readonly Selection[],
  before: readonly string[] = [],
): CsvColumn[] {
  return select.flatMap(selection => {
    if (selection.kind === 'constant' || selection.kind === 'version') return [];
    const path = [...before, selection.as];
    if (selection.kind === 'relation') {
      const { query } = selection;
      if (query.cardinality === 'many') throw noLists(path.join('/'));
      return toCsvColumns(catalog, query.entity, query.select, path);
    }
    return [{ name: path.join('/'), path, holds: heldBy(catalog, model, selection) }];
  });
}

function heldBy(catalog: Catalog, model: string, selection: Selection): CsvColumn['holds'] {
  if (selection.kind !== 'field') return 'values';
  const field = catalog.entities.get(model)?.fields.get(selection.field);
  const type = field && 'type' in field ? field.type : undefined;
  if (type?.list) return 'lists';
  return type?.scalar === 'Json' ? 'json' : 'values';
}

const noLists = (name: string) =>
  fault('INVALID_OPERATION', `CSV cannot contain "${name}", which is a list of related entities.`, {
    hint: 'Leave it out, or request JSON.',
    target: '$expand',
  });

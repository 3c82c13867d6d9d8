// The state of rows while a change runs.

import type { Session } from '../../../base/database/database.ts';
import type { Catalog, ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { ChangeRow } from '../../ask/entity-change.ts';
import type { BoundLink } from '../../bound/change.ts';

/** A row to write: as checked, with the values that enclosing rows and links add. */
export interface Row {
  readonly path: string;
  readonly fields: readonly string[];
  readonly values: ChangeRow;
  /** The fields whose values the server generated, in new rows. */
  readonly made?: readonly string[];
  readonly links: readonly BoundLink[];
  /** The paths of values that the caller did not set by their field's name. */
  readonly places?: ReadonlyMap<string, string>;
}

/** Texts of a stored row's columns, by the field's name. */
export type Stored = ReadonlyMap<string, string | null>;

export interface RowsParts {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly signal?: AbortSignal;
}

export interface Insertion {
  readonly kind: 'insert' | 'upsert';
  readonly entity: Entity;
  readonly match: readonly string[];
  readonly rows: readonly Row[];
  /** Columns of the database to return, besides the key. */
  readonly columns?: readonly string[];
}

/** New rows at the other end of a link can have links too, so the function that writes them is passed on. */
export interface LinkParts extends RowsParts {
  readonly insertRows: (insertion: Insertion) => Promise<Stored[]>;
}

/** A row at the near end of a relation, by its place, and one link from it. */
export interface Linked {
  readonly row: number;
  readonly link: BoundLink;
}

/** @param place path of the caller's input that the values come from */
export const withValues = (
  row: Row,
  columns: readonly ColumnField[],
  values: readonly (string | null)[],
  place: string,
): Row => ({
  ...row,
  fields: [...row.fields, ...columns.map(column => column.name)],
  values: [...row.values, ...values],
  places: new Map([...(row.places ?? []), ...columns.map(column => [column.name, place] as const)]),
});

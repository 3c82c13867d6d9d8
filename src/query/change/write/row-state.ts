// What is known of rows while a change is run.

import type { Session } from '../../../base/database/database.ts';
import type { Catalog, ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { ChangeRow } from '../../ask/entity-change.ts';
import type { BoundLink } from '../../bound/change.ts';

/** A row to be written: as checked, with what enclosing rows and links add to it. */
export interface Row {
  readonly path: string;
  readonly fields: readonly string[];
  readonly values: ChangeRow;
  /** Those of the fields whose values are made up here, for rows that are new. */
  readonly made?: readonly string[];
  readonly links: readonly BoundLink[];
  /** Where values come from that are not given by their own name. */
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
  /** Columns of the database that are to be known afterwards, besides the key. */
  readonly columns?: readonly string[];
}

/** New rows at the other end of a link have links themselves, so what writes them is handed on. */
export interface LinkParts extends RowsParts {
  readonly insertRows: (insertion: Insertion) => Promise<Stored[]>;
}

/** A row at the near end of a relation, by its place, and one link from it. */
export interface Linked {
  readonly row: number;
  readonly link: BoundLink;
}

/** @param place where the caller wrote what the values stand for */
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

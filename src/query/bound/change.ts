// A change after the check: plain data with names resolved and values in the database's format.

import type { Entity, RelationField } from '../../catalog/catalog.ts';
import type { ChangeRow } from '../ask/entity-change.ts';
import type { Bound, Source } from './expression.ts';

export type BoundChange = BoundWrite | BoundUpdate | BoundDelete;

export interface BoundWrite {
  readonly kind: 'insert' | 'upsert';
  readonly entity: Entity;
  /** Names of the fields by which an upsert identifies a row. */
  readonly match: readonly string[];
  readonly rows: readonly BoundRow[];
}

export interface BoundUpdate {
  readonly kind: 'update';
  readonly entity: Entity;
  readonly target: BoundTarget;
  readonly row: BoundRow;
  /** Names of the fields to reset to their defaults. */
  readonly reset: readonly string[];
  readonly ifVersion?: string;
}

export interface BoundDelete {
  readonly kind: 'delete';
  readonly entity: Entity;
  readonly target: BoundTarget;
  readonly ifVersion?: string;
}

export type BoundTarget =
  | { readonly kind: 'key'; readonly key: BoundKey }
  | { readonly kind: 'where'; readonly source: Source & { readonly entity: Entity }; readonly where?: Bound };

export interface BoundRow {
  readonly path: string;
  readonly fields: readonly string[];
  /** In the order of `fields`. */
  readonly values: ChangeRow;
  /** The fields whose values the server generated for new rows. */
  readonly made?: readonly string[];
  readonly links: readonly BoundLink[];
}

export interface BoundKey {
  readonly path: string;
  readonly fields: readonly string[];
  readonly values: readonly string[];
}

export interface BoundLink {
  readonly relation: RelationField;
  readonly side: LinkSide;
  readonly path: string;
  readonly target: Entity;
  readonly create: readonly BoundRow[];
  readonly connect: readonly BoundKey[];
  readonly disconnect: true | readonly BoundKey[];
  readonly set?: readonly BoundKey[];
}

/** Where a relation is stored: in the row itself, in the related rows, or in a join table. */
export type LinkSide = 'near' | 'far' | 'table';

export const sideOf = ({ link }: RelationField): LinkSide =>
  link.kind === 'table' ? 'table' : link.owner ? 'near' : 'far';

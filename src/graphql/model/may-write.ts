// Which mutations the schema shows: those that the caller may run, with the fields that the caller may set.

import type { Entity } from '../../catalog/catalog.ts';
import { upsertKey, writableColumns } from '../../query/change/check/writable.ts';
import { type PermittedCatalog, permittedOf } from '../../query/permitted/permitted-catalog.ts';

export interface MayWrite {
  readonly set: (entity: Entity) => boolean;
  readonly field: (entity: Entity, name: string) => boolean;
}

export const mayWriteAll: MayWrite = { set: () => true, field: () => true };

export const mayWriteOf = (permitted: PermittedCatalog): MayWrite => ({
  set: entity => permittedOf(permitted, entity).write,
  field: (entity, name) => permittedOf(permitted, entity).writable.has(name),
});

/** Whether the caller may set any column of a new row, or of an existing row. */
export const mayFill = (mayWrite: MayWrite, entity: Entity, kind: 'insert' | 'update'): boolean =>
  mayWrite.set(entity) && writableColumns(entity, kind).some(({ name }) => mayWrite.field(entity, name));

/** Whether the caller may set the fields that upserts find rows by. */
export const mayUpsert = (mayWrite: MayWrite, entity: Entity): boolean =>
  mayWrite.set(entity) && (upsertKey(entity)?.every(name => mayWrite.field(entity, name)) ?? false);

// What the schema shows of mutations: those that a caller may run, with the fields that they may set.

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

/** Whether there is a column that a new row may be given, or a row that exists. */
export const mayFill = (mayWrite: MayWrite, entity: Entity, kind: 'insert' | 'update'): boolean =>
  mayWrite.set(entity) && writableColumns(entity, kind).some(({ name }) => mayWrite.field(entity, name));

/** Whether rows may be given the fields by which upserts find them. */
export const mayUpsert = (mayWrite: MayWrite, entity: Entity): boolean =>
  mayWrite.set(entity) && (upsertKey(entity)?.every(name => mayWrite.field(entity, name)) ?? false);

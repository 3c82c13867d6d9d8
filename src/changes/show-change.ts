// What a principal may see of a change. A caller that may not read a field sees neither its values nor that it changed.

import type { Catalog, ColumnField, Entity, Field, RelationField } from '../catalog/catalog.ts';
import {
  type PermittedCatalog,
  type PermittedEntity,
  permittedOf,
} from '../query/permitted/permitted-catalog.ts';
import { keyColumns } from './log-function.ts';
import { showValue } from './show-value.ts';
import type { ChangeKind, StoredChange } from './stored-change.ts';

export interface ShownChange {
  readonly id: string;
  readonly entity: string;
  /** Values by field. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly kind: ChangeKind;
  readonly position: string;
  readonly at: string;
  readonly actor: ShownActor | null;
  readonly fields: readonly ShownField[];
}

export interface ShownActor {
  /** The kind of credential: `key`. */
  readonly kind: string;
  /** The credential's own id. */
  readonly id: string;
  readonly user: string | null;
  /** The client id of the app that acted for the user. */
  readonly app: string | null;
  readonly via: string | null;
}

export interface ShownField {
  readonly name: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** Whether the changes of an entity may be read: this needs its records and its key. */
export const mayReadChanges = ({ entity, read, keyReadable }: PermittedEntity): boolean =>
  read && entity.key.length > 0 && keyReadable;

/** @param change of an entity whose changes may be read */
export function showChange(change: StoredChange, permitted: PermittedCatalog): ShownChange {
  const entity = permitted.catalog.entities.get(change.entity)!;
  const { id, kind, position, at } = change;
  return {
    id: String(id),
    entity: entity.name,
    kind,
    position,
    at,
    key: showKey(entity, change.key),
    actor: showActor(change.actor),
    fields: showFields(change, entity, permitted),
  };
}

/** @param key in the log's format */
export function showKey(entity: Entity, key: string): Record<string, unknown> {
  const columns = keyColumns(entity);
  const texts: string[] = columns.length === 1 ? [key] : JSON.parse(key);
  return Object.fromEntries(
    columns.map((field, index) => [field.name, showValue(field.type, texts[index]!)]),
  );
}

function showActor(text: string | null): ShownActor | null {
  const { principal, userId, app, via } = text ? JSON.parse(text) : {};
  if (typeof principal !== 'string') return null;
  const [kind = '', id = ''] = principal.split(':', 2);
  return { kind, id, user: userId ?? null, app: app ?? null, via: via ?? null };
}

function showFields(
  { old, new: now }: StoredChange,
  entity: Entity,
  permitted: PermittedCatalog,
): ShownField[] {
  const { readable } = permittedOf(permitted, entity);
  const names = Object.keys(now ?? old ?? {});
  return names.flatMap(name => {
    const field = entity.fields.get(name);
    if (!field || !readable.has(name)) return [];
    const show = (value: string | null | undefined) =>
      showFieldValue(field, permitted.catalog, value ?? null);
    return [{ name, old: show(old?.[name]), new: show(now?.[name]) }];
  });
}

function showFieldValue(field: Field, catalog: Catalog, value: string | null): unknown {
  if (field.kind !== 'relation') return showValue(field.type, value);
  return showValue({ ...farKey(field, catalog).type, list: true }, value);
}

/** @returns the column by which a relation through a join table references the records at its other end */
const farKey = ({ target, link }: RelationField, catalog: Catalog): ColumnField =>
  [...catalog.entities.get(target)!.fields.values()].find(
    (field): field is ColumnField =>
      field.kind === 'column' && link.kind === 'table' && field.column === link.foreign,
  )!;

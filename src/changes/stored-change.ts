// An entry of the change log as it is stored.

import type { RawRow } from '../base/database/database.ts';

export type ChangeKind = 'insert' | 'update' | 'delete';

export interface StoredChange {
  readonly id: bigint;
  /** The model's name. */
  readonly entity: string;
  /** The one value of the primary key as text, or a JSON array of texts. */
  readonly key: string;
  /** Whole number from 1. */
  readonly position: string;
  readonly kind: ChangeKind;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** JSON. */
  readonly actor: string | null;
  /** Values by field, as PostgreSQL's text. */
  readonly old: LoggedValues | null;
  readonly new: LoggedValues | null;
}

export type LoggedValues = Readonly<Record<string, string | null>>;

/** The columns that `toStoredChange` takes, in its order. */
export const storedColumns = `id, entity, key, position, "shownAs", to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), actor, old, new`;

export function toStoredChange([id, entity, key, position, kind, at, actor, old, now]: RawRow): StoredChange {
  return {
    id: BigInt(id!),
    entity: entity!,
    key: key!,
    position: position!,
    kind: kind as ChangeKind,
    at: at!,
    actor: actor ?? null,
    old: toValues(old),
    new: toValues(now),
  };
}

const toValues = (text: string | null | undefined): LoggedValues | null => (text ? JSON.parse(text) : null);

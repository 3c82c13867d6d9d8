import type { Database, Session } from '../../src/base/database/database.ts';

export interface Logged {
  readonly key: string;
  readonly position: number;
  readonly kind: string;
  readonly old: Record<string, string | null> | null;
  readonly now: Record<string, string | null> | null;
}

/** @returns what the log holds of an entity since an id, in order */
export async function logged(database: Session, entity: string, after = 0n): Promise<Logged[]> {
  const { rows } = await database.query(
    'SELECT key, position, kind, old, new FROM portolan.change WHERE entity = $1 AND id > $2 ORDER BY id',
    [entity, after],
  );
  return rows.map(([key, position, kind, old, now]) => ({
    key: key!,
    position: Number(position),
    kind: kind!,
    old: JSON.parse(old ?? 'null'),
    now: JSON.parse(now ?? 'null'),
  }));
}

/** @returns the last id of the log */
export const lastId = async (database: Database): Promise<bigint> =>
  BigInt((await database.query('SELECT coalesce(max(id), 0) FROM portolan.change')).rows[0]![0]!);

// The indexes that full-text search reads. They follow what schema/ declares, so no migration can hold them.

import { createHash } from 'node:crypto';
import type { Database, Session } from '../base/database.ts';
import { lockMigrations } from '../base/migrate.ts';
import type { Catalog, ColumnField, Entity } from '../catalog/catalog.ts';
import { searchVector } from './sql-search.ts';
import { identifier } from './sql-text.ts';

const prefix = 'portolan_search_';

/**
 * Creates what is missing, and drops what no entity uses any more. Several instances may do it at once. While an index is
 * built, its table can be read and not written.
 * @returns the names of the indexes created
 */
export const installSearchIndexes = (database: Database, catalog: Catalog): Promise<string[]> =>
  database.transaction(
    async session => {
      await lockMigrations(session);
      const wanted = new Map([...catalog.entities.values()].filter(isSearched).map(indexOf));
      const present = await presentIndexes(session);
      for (const name of present) {
        if (!wanted.has(name)) await session.query(`DROP INDEX IF EXISTS ${identifier(name)}`);
      }
      const missing = [...wanted].filter(([name]) => !present.has(name));
      for (const [, sql] of missing) await session.query(sql);
      return missing.map(([name]) => name);
    },
    { statementTimeoutMs: 0 },
  );

const isSearched = ({ search }: Entity): boolean => search.length > 0;

/** The name tells the expression: another declaration makes another index. */
function indexOf({ table, fields, search }: Entity): [name: string, sql: string] {
  const vector = searchVector(search.map(name => fields.get(name) as ColumnField));
  const hash = createHash('sha256').update(`${table}\n${vector}`).digest('hex').slice(0, 16);
  const name = `${prefix}${hash}`;
  return [
    name,
    `CREATE INDEX IF NOT EXISTS ${identifier(name)} ON ${identifier(table)} USING gin (${vector})`,
  ];
}

async function presentIndexes(session: Session): Promise<Set<string>> {
  const { rows } = await session.query(
    `SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND starts_with(indexname, $1)`,
    [prefix],
  );
  return new Set(rows.map(([name]) => name!));
}

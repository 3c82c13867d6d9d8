import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import type { Session } from '../../src/base/database/database.ts';
import { catalogOf } from '../../src/project.ts';
import { installSearchIndexes } from '../../src/query/install-search.ts';
import { openTestDatabase } from '../test-database.ts';

/** A transaction that has written keeps a build beside writers waiting until it ends; meanwhile, others must be able to write. */
test('tables can be written while their indexes are built', async () => {
  await using opened = await openTestDatabase();
  const { database } = opened;
  if (database.kind === 'embedded') return;
  await dropIndexes(database);
  const catalog = catalogOf(project);
  const add = (code: string) =>
    `INSERT INTO "Supplier" (code, name, country) VALUES ('${code}', 'while it is built', 'XX')`;
  const outside = AsyncLocalStorage.snapshot();
  let building: Promise<string[]> | undefined;
  await database.transaction(async session => {
    await session.query(add('first'));
    building = outside(() => installSearchIndexes(database, catalog));
    await outside(() => untilBuilding(database));
    await outside(() => database.query(add('second')));
  });
  expect(await building).toHaveLength(7);
  const { rows } = await database.query(
    `SELECT count(*) FROM pg_index WHERE indexrelid::regclass::text ~ 'portolan_search_' AND indisvalid`,
  );
  expect(rows).toEqual([['7']]);
});

/** Waits until a build waits for a transaction. */
async function untilBuilding(session: Session): Promise<void> {
  for (;;) {
    const { rows } = await session.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^CREATE INDEX' AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}

/** A test database has its indexes already. */
async function dropIndexes(session: Session): Promise<void> {
  const { rows } = await session.query(
    `SELECT indexrelid::regclass::text FROM pg_index WHERE indexrelid::regclass::text ~ 'portolan_search_'`,
  );
  for (const [name] of rows) await session.query(`DROP INDEX ${name}`);
}

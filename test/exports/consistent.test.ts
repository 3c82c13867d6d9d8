// `consistent=true`: everything as it is at one moment, within bounds.

import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/base/database/database.ts';
import { createSnapshots } from '../../src/exports/snapshot.ts';
import { serverForFile } from '../harness.ts';
import { exporting, readCsv } from './exporting.ts';

const server = serverForFile({ env: { TAKE_MAX: '500', TAKE_DEFAULT: '500' } });
const isEmbedded = !process.env.TEST_DATABASE_URL;
const path = '/api/export/suppliers?select=code,name&consistent=true';

test.runIf(isEmbedded)('is refused where it would keep everyone else waiting', async () => {
  const reply = await exporting(server)('suppliers', { consistent: 'true' });
  expect(reply).toMatchObject({
    status: 400,
    body: { error: { code: 'INVALID_OPERATION', target: 'consistent' } },
  });
});

describe.runIf(!isEmbedded)('on PostgreSQL', () => {
  const insert = (prefix: string, count: number) =>
    server.database.query(
      `INSERT INTO "Supplier" (code, name, country) SELECT $1 || n, repeat('x', 1000), 'DE' FROM generate_series(1, ${count}) n`,
      [prefix],
    );

  test('what is written while a client reads is not in the file', async () => {
    await insert('A', 5_000);
    const consistent = await server.fetch(path, { key: server.adminKey });
    const plain = await server.fetch(path.replace('&consistent=true', ''), { key: server.adminKey });
    await insert('B', 10);
    await server.database.query(`UPDATE "Supplier" SET name = 'changed' WHERE code LIKE 'A%'`);
    const rows = readCsv(await consistent.text()).slice(1);
    expect(rows).toHaveLength(5_000);
    expect(rows.some(([code, name]) => code!.startsWith('B') || name === 'changed')).toBe(false);
    // Without it, pages that were read later have what was written before them.
    const later = readCsv(await plain.text()).slice(1);
    expect(later).toHaveLength(5_010);
    expect(later.at(-11)![1]).toBe('changed');
  });

  test('only a few run at a time, and a client that leaves makes room', async () => {
    await insert('C', 5_000);
    const open = await Promise.all([1, 2].map(() => server.fetch(path, { key: server.adminKey })));
    const refused = await server.fetch(path, { key: server.adminKey });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
    for (const response of open) await response.body!.cancel();
    const again = await server.fetch(path, { key: server.adminKey });
    expect(again.status).toBe(200);
    expect(readCsv(await again.text()).length).toBeGreaterThan(5_000);
  });

  test('one that takes too long is cut off, and holds its connection no longer', async () => {
    const snapshots = createSnapshots(server.database, { countMax: 1, durationMaxMs: 50 });
    async function* slowly(session: Session) {
      for (;;) yield (await session.query('SELECT 1')).rows;
    }
    const rows = snapshots.read(slowly);
    await rows.next();
    const idle = async () =>
      Number(
        (
          await server.database.query(
            `SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()`,
          )
        ).rows[0]![0],
      );
    // The client does not read: the transaction ends all the same.
    await expect.poll(idle, { timeout: 20_000 }).toBe(0);
    await expect(rows.next()).rejects.toMatchObject({ code: 'TIMEOUT', target: 'consistent' });
    expect(await snapshots.read(slowly).next()).toMatchObject({ done: false });
  });

  test('writes nothing', async () => {
    const snapshots = createSnapshots(server.database);
    async function* writing(session: Session) {
      yield await session.query(`DELETE FROM "Supplier"`);
    }
    await expect(snapshots.read(writing).next()).rejects.toThrow(/read-only/);
  });
});

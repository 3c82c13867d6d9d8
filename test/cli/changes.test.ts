import { afterAll, beforeAll, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { installChangeLog } from '../../src/changes/install.ts';
import { loadCatalog } from '../../src/project.ts';
import { openTestDatabase, type TestDatabase } from '../harness.ts';
import { portolan } from './run.ts';

let opened: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  opened = await openTestDatabase();
  await installChangeLog(opened.database, await loadCatalog(project));
  await opened.database.query('DROP TRIGGER portolan_log_update ON "Product"');
  await opened.pause();
  env = { ...opened.env, SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}` };
});
afterAll(() => opened.close());

test('the change log triggers are listed, removed by name, and created again', async () => {
  const before = await portolan('changes status', env);
  expect(before).toMatchObject({ code: 0, err: 'Starting a server creates the missing triggers.' });
  expect(before.out).toMatch(/^TABLE +TRIGGERS\n/);
  expect(before.out).toMatch(/^Order +logged$/m);
  expect(before.out).toMatch(/^Product +incomplete or outdated$/m);

  const listed = JSON.parse((await portolan('changes status --json', env)).out);
  expect(listed).toContainEqual({ table: 'Product', triggers: 'incomplete or outdated' });

  const removed = await portolan('changes remove', env);
  expect(removed.code).toBe(0);
  expect(removed.out.split('\n')).toContain('removed from Product');
  expect(removed.out.split('\n')).toContain('removed from _CollectionToProduct');
  expect(removed.err).toContain('Starting a server creates the triggers again.');
  expect((await portolan('changes remove', env)).out).toBe('No table has change log triggers.');
  expect((await portolan('changes remove --json', env)).out).toBe('[]');
  expect((await portolan('changes status', env)).out).toMatch(/^Order +none$/m);

  const database = await opened.resume();
  const { rows } = await database.query(
    `SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'portolan_log_') UNION ALL SELECT proname FROM pg_proc WHERE proname ~ '^(portolan_log_|change_log_)'`,
  );
  expect(rows).toEqual([]);
  await database.query(`INSERT INTO "Warehouse" (code, name, city) VALUES ('a', 'a', 'a')`);
  expect((await database.query('SELECT count(*) FROM portolan.change')).rows).toEqual([['0']]);
  expect(await installChangeLog(database, await loadCatalog(project))).toContain('Warehouse');
});

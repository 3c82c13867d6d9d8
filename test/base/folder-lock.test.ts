import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { openEmbedded } from '../../src/base/database/embedded.ts';
import { lockFolder } from '../../src/base/database/folder-lock.ts';
import { openTestDatabase } from '../test-database.ts';
import { Writer } from './writer.ts';

const parent = mkdtempSync(join(tmpdir(), 'portolan-lock-'));
afterAll(() => rmSync(parent, { recursive: true }));

describe.runIf(inject('templates').kind === 'embedded')('the embedded database', () => {
  test('is refused to a second process, with the id of the first', async () => {
    await using opened = await openTestDatabase();
    await opened.database.query(
      'create table written_left (id int, filler text); create table written_right (id int)',
    );
    await opened.pause();
    const writer = new Writer(1, opened.env);
    await writer.printed(5);
    const second = openEmbedded({ dataDir: opened.env.DATA_DIR });
    await expect(second).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`in use by process ${writer.process.pid}`),
    });
    await writer.printed(writer.lines.length + 5);
    await writer.kill();
    const database = await opened.resume();
    expect((await database.query('select count(*) > 5 from written_left')).rows).toEqual([['t']]);
  });

  test('is refused to a second opening in the same process, and free once closed', async () => {
    await using opened = await openTestDatabase();
    const dataDir = opened.env.DATA_DIR;
    await expect(openEmbedded({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
    await opened.pause();
    await (await openEmbedded({ dataDir })).close();
    await opened.resume();
  });

  test('is refused when another version of PostgreSQL made it', async () => {
    await using opened = await openTestDatabase();
    await opened.pause();
    const version = join(opened.env.DATA_DIR, 'database/PG_VERSION');
    writeFileSync(version, '17\n');
    const old = openEmbedded({ dataDir: opened.env.DATA_DIR });
    await expect(old).rejects.toThrow(/made by PostgreSQL 17; this is 18/);
    writeFileSync(version, '18\n');
    await opened.resume();
  });

  test('says what is wrong when the folder holds no database', async () => {
    const dataDir = join(parent, 'broken');
    mkdirSync(join(dataDir, 'database'), { recursive: true });
    writeFileSync(join(dataDir, 'database/PG_VERSION'), '18\n');
    await expect(openEmbedded({ dataDir })).rejects.toThrow(
      `The database in ${join(dataDir, 'database')} cannot be started`,
    );
    lockFolder(join(dataDir, 'database'))();
  });
});

test('a lock file that a dead process left behind is taken over', () => {
  const folder = join(parent, 'left');
  writeFileSync(`${folder}.lock`, '');
  writeFileSync(`${folder}.pid`, '1\n');
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`in use by process ${process.pid}`);
  release();
  expect(existsSync(`${folder}.pid`)).toBe(false);
  lockFolder(folder)();
});

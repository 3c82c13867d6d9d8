// The command as it is installed: the launcher in a process of its own, on whatever Node is there.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { portolan } from './run.ts';

const launcher = join(import.meta.dirname, '../../src/cli/portolan.mjs');
const folder = mkdtempSync(join(tmpdir(), 'portolan-launcher-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = {
  PATH: process.env.PATH,
  PORT: '0',
  DATA_DIR: join(folder, 'data'),
  DEMO_DATA: 'false',
  LOG_FORMAT: 'json',
};

function run(node: string, file: string, ...args: string[]) {
  return new Promise<{ code: number; out: string; err: string }>(resolve => {
    execFile(node, [file, ...args], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

/** A Node of this machine that cannot read TypeScript, if there is one. */
const oldNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map(path => join(path, 'node'))
  .find(node => {
    try {
      return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'])) < 22;
    } catch {
      return false;
    }
  });

test('runs, and passes on what is printed and the exit code', async () => {
  expect(await run(process.execPath, launcher, 'help')).toMatchObject({ code: 0, err: '' });
  const { code, out, err } = await run(process.execPath, launcher, 'strat');
  expect({ code, out, err }).toEqual({
    code: 2,
    out: '',
    err: 'Unknown command "portolan strat".\nDid you mean "start"?\n',
  });
});

test.skipIf(process.platform === 'win32')('a reader that stops early is no failure', async () => {
  const program = join(import.meta.dirname, '../../src/cli/portolan.ts');
  const line = `'${process.execPath}' --disable-warning=ExperimentalWarning '${program}' help | true; exit \${PIPESTATUS[0]}`;
  const { code, err } = await run('bash', '--norc', '-c', line);
  expect([code, err]).toEqual([0, '']);
});

test.skipIf(!oldNode)(
  'runs on an old Node, by the one that npm installed (skipped where no old Node is)',
  async () => {
    const { code, out, err } = await run(oldNode!, launcher, 'keys', 'generate');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^pk_\S+\n$/);
  },
);

test.skipIf(!oldNode)(
  'says which Node it needs where there is no other (skipped where no old Node is)',
  async () => {
    const alone = join(folder, 'portolan.mjs');
    copyFileSync(launcher, alone);
    // Hides what folders further up may hold.
    const empty = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`);
    mkdirSync(empty, { recursive: true });
    writeFileSync(join(empty, 'package.json'), '{}');
    const { code, err } = await run(oldNode!, alone, 'help');
    expect([code, err]).toEqual([1, expect.stringMatching(/^portolan needs Node 24, and this is v\d+\./)]);
  },
);

test('starts a server, asks it for keys, stops it by a signal, and then finds the keys in its database', async () => {
  const server = spawn(process.execPath, [launcher, 'start'], { env });
  let out = '';
  server.stdout.on('data', chunk => {
    out += chunk;
  });
  while (!/Import/.test(out)) await once(server.stdout, 'data');
  const url = /listens on (\S+)/.exec(out)![1]!;
  const apiKey = /API key +(\S+)/.exec(out)![1]!;

  const locked = await portolan('keys list', { DATA_DIR: env.DATA_DIR });
  expect(locked.code).toBe(1);
  expect(locked.err).toMatch(
    /is in use by process \d+\.\nIf that process is the server, set PORTOLAN_API_KEY/,
  );

  const remote = { PORTOLAN_URL: url, PORTOLAN_API_KEY: apiKey };
  const made = await portolan('keys create --name Remote --scopes read', remote);
  expect(made.code).toBe(0);

  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);

  const local = { DATA_DIR: env.DATA_DIR, LOG_FORMAT: 'json' };
  expect((await portolan('keys create --name Local --scopes read', local)).out).toMatch(/^pk_/);
  expect((await portolan(`keys revoke ${made.out.slice(3, 15)}`, local)).code).toBe(0);
  const listed = JSON.parse((await portolan('keys list --json', local)).out);
  expect(listed.map(({ name, revokedAt }: Record<string, unknown>) => [name, revokedAt !== null])).toEqual([
    ['First key', false],
    ['Remote', true],
    ['Local', false],
  ]);
  expect((await portolan('migrate', local)).out).toBe('The database is up to date.');
});

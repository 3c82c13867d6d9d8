// `npm start`, as people, containers and service managers run it: what ends npm ends the server, in good order.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'portolan-npm-'));
const hasNpm = process.platform !== 'win32' && spawnSync('npm', ['--version']).status === 0;

let started: ChildProcess | undefined;
afterEach(() => {
  // Whatever is still there: a group of its own, with nothing else in it.
  if (started) silently(() => process.kill(-started!.pid!, 'SIGKILL'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function silently(act: () => void): void {
  try {
    act();
  } catch {
    // It has ended already.
  }
}

/** @returns npm, what it and the server wrote, and the server's address */
async function npmStart() {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH, HOME, TMPDIR, PORT: '0', LOG_FORMAT: 'json', DEMO_DATA: 'false', DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const written = { out: '' };
  child.stdout.on('data', chunk => {
    written.out += chunk;
  });
  started = child;
  while (!/Import/.test(written.out)) await once(child.stdout, 'data');
  const address = /Portolan listens on (\S+)/.exec(written.out)![1]!;
  return { child, written, address };
}

const isGone = (address: string) =>
  fetch(`${address}/healthz`).then(
    () => false,
    () => true,
  );

const logged = (text: string, message: string): number =>
  text.split('\n').filter(line => line.includes(`"msg":"${message}"`)).length;

test.skipIf(!hasNpm)('SIGTERM to npm stops the server in good order before npm itself ends', async () => {
  const { child, written, address } = await npmStart();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  expect(await isGone(address)).toBe(true);
  await expect.poll(() => logged(written.out, 'stopped')).toBe(1);
});

test.skipIf(!hasNpm)('a signal to the whole group, which comes twice, is one signal', async () => {
  const { child, written, address } = await npmStart();
  const ended = once(child, 'exit');
  process.kill(-child.pid!, 'SIGINT');
  await ended;
  expect(await isGone(address)).toBe(true);
  await expect.poll(() => logged(written.out, 'stopped')).toBe(1);
  expect(logged(written.out, 'stopping')).toBe(1);
});

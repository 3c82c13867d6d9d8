import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { type ServerProcess, startProcess } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-start-'));
const env = { DATA_DIR: join(folder, 'data') };
const running: ServerProcess[] = [];

function start(more: Record<string, string> = {}): ServerProcess {
  const server = startProcess({ ...env, ...more });
  running.push(server);
  return server;
}

afterAll(async () => {
  for (const server of running) server.child.kill('SIGKILL');
  await Promise.all(running.map(server => server.ended));
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the line that the server says can be pasted. */
async function pasted(out: string, more: Record<string, string> = {}) {
  const line = /^ {2}(curl .*)$/m.exec(out)![1]!;
  const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -s`], {
    env: { ...process.env, ...more },
  });
  return JSON.parse(stdout);
}

const keyIn = (out: string): string => /API key +(\S+)/.exec(out)![1]!;

async function stop(server: ServerProcess): Promise<number | null> {
  server.child.kill('SIGTERM');
  return server.ended;
}

let apiKey = '';

test('the first start shows the administrator once, and a request that works when pasted', async () => {
  const server = start();
  await server.ready;
  const { out } = server.written();
  apiKey = keyIn(out);
  expect(out).toMatch(/e-mail +admin@localhost/);
  expect(out).toMatch(/password +\S{10,}/);
  expect((await pasted(out)).products).toHaveLength(3);
  expect(await stop(server)).toBe(0);
  expect(server.written().err).toBe('');
});

test('a secret goes to standard output once, and never through the log', async () => {
  const { out } = running[0]!.written();
  const logged = out.split('\n').filter(line => line.startsWith('{'));
  expect(logged.join('\n')).not.toContain(apiKey);
  expect(logged.join('\n')).not.toContain(/password +(\S+)/.exec(out)![1]);
  expect(logged.some(line => line.includes('"url":"/api/query"'))).toBe(true);
});

test('a later start shows no secret, and its request works with the key in $PORTOLAN_API_KEY', async () => {
  const server = start();
  await server.ready;
  const { out } = server.written();
  expect(out).not.toMatch(/password|e-mail|pk_/);
  expect((await pasted(out, { PORTOLAN_API_KEY: apiKey })).products).toHaveLength(3);
});

test('localhost is every loopback address', async () => {
  const { port } = new URL(await running[1]!.ready);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
});

test('a second server on the same folder ends with an error, without a stack', async () => {
  const server = start();
  expect(await server.ended).toBe(1);
  expect(server.written().err).toMatch(/^The database in .* is in use by process \d+\.\n/);
  expect(server.written().err).not.toMatch(/^ +at /m);
});

test('a port in use is an error before anything is opened', async () => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const server = start({ DATA_DIR: join(folder, 'unused'), PORT: String(port) });
  expect(await server.ended).toBe(1);
  expect(server.written()).toEqual({
    out: '',
    err: `Port ${port} on 127.0.0.1 is in use by another program.\nStop that program, or set PORT to another number: PORT=${port + 1}\n`,
  });
  other.close();
});

test('all configuration errors are reported at once, without a stack', async () => {
  const server = start({ PORT: 'many', LOG_LEVEL: 'loud' });
  expect(await server.ended).toBe(1);
  const { err } = server.written();
  expect(err).toContain('PORT');
  expect(err).toContain('LOG_LEVEL');
  expect(err).not.toMatch(/^ +at /m);
});

test('an address of another machine is an error', async () => {
  const server = start({ HOST: '192.0.2.1' });
  expect(await server.ended).toBe(1);
  expect(server.written().err).toMatch(/^The server cannot listen on 192\.0\.2\.1, port 0: /);
});

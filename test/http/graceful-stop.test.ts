import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startProcess } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-stop-'));
let server: ServerProcess;
let address: string;
let apiKey: string;

beforeAll(async () => {
  server = startProcess({ DATA_DIR: join(folder, 'data'), DEMO_DATA: 'false' });
  address = await server.ready;
  apiKey = /API key +(\S+)/.exec(server.written().out)![1]!;
});

afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status?: number;
  readonly connection?: string;
  readonly body: string;
}

/** An upload whose end is not sent yet. */
function beginImport(): {
  answer: Promise<Answer>;
  write: (text: string) => void;
  end: (text: string) => void;
} {
  const headers = { 'x-api-key': apiKey, 'content-type': 'text/csv' };
  const request = httpRequest(`${address}/api/import?entity=warehouses`, { method: 'POST', headers });
  const answer = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', response => {
      let body = '';
      response.setEncoding('utf8').on('data', chunk => {
        body += chunk;
      });
      response.on('error', reject);
      const { statusCode: status, headers } = response;
      response.on('end', () => resolve({ status, connection: headers.connection, body }));
    });
  });
  return { answer, write: text => request.write(text), end: text => request.end(text) };
}

/** A connection over which nothing was ever sent. */
async function openUnusedConnection(): Promise<{ closed: Promise<void> }> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  await new Promise<void>(resolve => socket.once('connect', () => resolve()));
  socket.resume();
  return { closed };
}

/** A connection that asked something once and was kept open. */
async function openIdleConnection(): Promise<{ closed: Promise<void> }> {
  const { port } = new URL(address);
  const socket = connect(Number(port), '127.0.0.1');
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise(resolve => socket.once('data', resolve));
  socket.resume();
  return { closed };
}

const refused = () =>
  fetch(`${address}/healthz`).then(
    () => false,
    () => true,
  );

test('a stop lets running requests finish whole, closes idle connections and takes no new ones', async () => {
  const upload = beginImport();
  upload.write('code,name,city\n');
  const { closed } = await openIdleConnection();
  const unused = await openUnusedConnection();
  await expect
    .poll(async () => (await fetch(`${address}/metrics`)).text(), { timeout: 60_000 })
    .toMatch(/in_flight 2/);

  server.child.kill('SIGTERM');
  await closed;
  await unused.closed;
  await expect.poll(refused).toBe(true);
  expect(server.child.exitCode).toBeNull();

  upload.end('LAST,Last one,Here\n');
  const answer = await upload.answer;
  expect(answer).toMatchObject({ status: 200, connection: 'close' });
  expect(JSON.parse(answer.body)).toMatchObject({ imported: 1 });
  expect(await server.ended).toBe(0);
  expect(server.written().err).toBe('');
});

test('what was acknowledged is there at the next start, and the lock is free', async () => {
  server = startProcess({ DATA_DIR: join(folder, 'data') });
  address = await server.ready;
  const response = await fetch(`${address}/odata/warehouses?$select=code`, {
    headers: { 'x-api-key': apiKey },
  });
  expect((await response.json()).value).toMatchObject([{ code: 'LAST' }]);
});

test('a second signal ends the process at once', async () => {
  const upload = beginImport();
  upload.answer.catch(() => {});
  upload.write('code,name,city\n');
  await expect
    .poll(async () => (await fetch(`${address}/metrics`)).text(), { timeout: 60_000 })
    .toMatch(/in_flight 2/);
  server.child.kill('SIGTERM');
  await expect.poll(() => server.written().out).toContain('"msg":"stopping"');
  await pause(1_000);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(1);
});

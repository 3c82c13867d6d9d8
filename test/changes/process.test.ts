// Subscriptions over real connections, to a server in a process of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startProcess } from '../http/server-process.ts';
import { type EventStream, toStream } from './event-stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-live-'));
let server: ServerProcess;
let address: string;
let headers: Record<string, string>;

beforeAll(async () => {
  server = startProcess({ DATA_DIR: join(folder, 'data'), DEMO_DATA: 'false' });
  address = await server.ready;
  const apiKey = /API key +(\S+)/.exec(server.written().out)![1]!;
  headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
});

afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  rmSync(folder, { recursive: true, force: true });
});

const ask = (query: string, accept: string, signal?: AbortSignal) =>
  fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { ...headers, accept },
    body: JSON.stringify({ query }),
    signal,
  });

async function follow(signal?: AbortSignal): Promise<EventStream> {
  const query = 'subscription { warehouseChanged { kind key node { code } actor { kind } } }';
  return toStream(await ask(query, 'text/event-stream', signal));
}

const add = async (code: string) => {
  const query = `mutation { createWarehouse(data: { code: "${code}", name: "W", city: "C" }) { id } }`;
  expect((await (await ask(query, 'application/json')).json()).errors).toBeUndefined();
};

const inFlight = async () => (await fetch(`${address}/metrics`)).text();

test('tells what a mutation changes, and by whom', async () => {
  const stream = await follow();
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
  await add('ONE');
  expect(await stream.take(1)).toMatchObject([
    { kind: 'insert', node: { code: 'ONE' }, actor: { kind: 'key' } },
  ]);
  expect(stream.comments).toBeGreaterThan(0);
  await stream.leave();
});

test('lets go of clients that are gone, however they went', async () => {
  const leaving = new AbortController();
  // More than one key may have open at a time.
  for (let round = 0; round < 3; round++) {
    const streams = await Promise.all(Array.from({ length: 60 }, () => follow(leaving.signal)));
    for (const stream of streams.slice(0, 30)) await stream.leave();
    for (const stream of streams.slice(30)) stream.next().catch(() => {});
    if (round < 2) for (const stream of streams.slice(30)) await stream.leave();
  }
  leaving.abort();
  // What asks is itself in flight.
  await expect.poll(inFlight).toMatch(/in_flight 1\b/);
  const stream = await follow();
  await add('TWO');
  expect(await stream.take(1)).toMatchObject([{ node: { code: 'TWO' } }]);
  await stream.leave();
});

test('completes its streams on SIGTERM, and stops at once', async () => {
  const streams = await Promise.all([follow(), follow()]);
  const begun = performance.now();
  server.child.kill('SIGTERM');
  for (const stream of streams) expect(await stream.next()).toBeUndefined();
  expect(await server.ended).toBe(0);
  expect(performance.now() - begun).toBeLessThan(15_000);
  expect(server.written().err).toBe('');
});

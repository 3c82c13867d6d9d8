// Connections that ask nothing: bounded in time and in number, whatever their clients do.

import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/server/create-server.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

type Bounds = Parameters<typeof createHttpServer>[1];

async function serve(
  bounds: Partial<Bounds>,
  answer = (response: ServerResponse) => void response.end('ok'),
) {
  const all = { headMs: 60_000, closeMs: 200, idleMax: 100, ...bounds };
  const server = createHttpServer((_, response) => answer(response), all);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return server;
}

/** A client that closes nothing by itself, even when the server has ended its half. */
async function open(server: Server, text?: string): Promise<Socket & { received: string }> {
  const { port } = server.address() as AddressInfo;
  const socket = Object.assign(connect({ port, host: '127.0.0.1', allowHalfOpen: true }), { received: '' });
  socket.on('error', () => {});
  socket.on('data', chunk => {
    socket.received += chunk;
  });
  opened.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  if (text !== undefined) socket.write(text);
  return socket;
}

const connectionsOf = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

test.each([
  ['sends nothing', undefined],
  ['sends a part of a head', 'GET / HTTP/1.1\r\nHost: x\r\n'],
])(
  'who %s is told 408, and has no connection afterwards, though the client keeps its half',
  async (_, text) => {
    const server = await serve({ headMs: 400 });
    const client = await open(server, text);
    await expect
      .poll(() => client.received, { timeout: 30_000 })
      .toMatch(/^HTTP\/1\.1 408 .*REQUEST_TIMEOUT/s);
    await expect.poll(() => connectionsOf(server)).toBe(0);
  },
);

test('what is no request is answered, and the connection closed, though the client keeps its half', async () => {
  const server = await serve({});
  const client = await open(server, 'nonsense\r\n\r\n');
  await expect.poll(() => client.received).toMatch(/^HTTP\/1\.1 400 /);
  await expect.poll(() => connectionsOf(server)).toBe(0);
});

test('beyond so many idle connections, those that waited longest are closed, and who asks is answered', async () => {
  const server = await serve({ idleMax: 10 });
  const clients: Awaited<ReturnType<typeof open>>[] = [];
  for (let i = 0; i < 30; i++) clients.push(await open(server));
  await expect.poll(() => connectionsOf(server)).toBe(10);
  clients.at(-1)!.write(request);
  await expect.poll(() => clients.at(-1)!.received).toMatch(/^HTTP\/1\.1 200 /);
  expect((await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).status).toBe(200);
});

test('a connection over which a request is answered is not idle, nor is one with two of them', async () => {
  const waiting: ServerResponse[] = [];
  const server = await serve({ idleMax: 2 }, response => void waiting.push(response));
  const busy = await open(server, request + request);
  await expect.poll(() => waiting.length).toBe(2);
  waiting[0]!.end('first');
  await expect.poll(() => busy.received).toContain('first');
  for (let i = 0; i < 5; i++) await open(server);
  await expect.poll(() => connectionsOf(server)).toBe(3);
  waiting[1]!.end('second');
  await expect.poll(() => busy.received).toContain('second');
});

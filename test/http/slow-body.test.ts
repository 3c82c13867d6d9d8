import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { json } from '../../src/http/message/respond.ts';
import { readNodeBody, streamNodeBody } from '../../src/http/node/read-node-body.ts';
import { door, openEntries } from './open-entries.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A request whose body of ten bytes is sent in part. */
async function beginUpload(): Promise<{ request: IncomingMessage; socket: Socket }> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345');
  const [request] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  closing.push(() => {
    socket.destroy();
    server.close();
  });
  return { request, socket };
}

test('gives up a body that stalls', async () => {
  const { request } = await beginUpload();
  await expect(readNodeBody(request, 100, 50)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

test('gives up a stream that stalls', async () => {
  const { request } = await beginUpload();
  const reader = streamNodeBody(request, 2_000).getReader();
  await expect(reader.read().then(() => reader.read())).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

test('says so when the client leaves in the middle', async () => {
  const { request, socket } = await beginUpload();
  const body = readNodeBody(request, 100);
  socket.destroy();
  await expect(body).rejects.toMatchObject({
    code: 'MALFORMED_REQUEST',
    message: 'The request body was cut off.',
  });
});

test('does not blame the client while the reader is the slow one', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const body = Buffer.alloc(3_000_000, 'x');
  const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
  sent.on('error', () => {});
  sent.end(body);
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const reader = streamNodeBody(request, 2_000).getReader();
  let size = (await reader.read()).value!.length;
  // Well over the limit, which is itself longer than a busy machine holds up a client that has its body ready.
  await new Promise(resolve => setTimeout(resolve, 5_000));
  for (let part = await reader.read(); !part.done; part = await reader.read()) size += part.value.length;
  expect(size).toBe(body.length);
  closing.push(() => {
    response.end();
    sent.destroy();
    server.close();
  });
});

test('reads no further ahead than it must', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const sent = httpRequest({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    method: 'POST',
  });
  sent.on('error', () => {});
  sent.end(Buffer.alloc(50_000_000, 'x'));
  const [request] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  streamNodeBody(request);
  await expect.poll(() => request.isPaused()).toBe(true);
  await new Promise(resolve => setTimeout(resolve, 200));
  expect(request.socket.bytesRead).toBeLessThan(5_000_000);
  closing.push(() => {
    sent.destroy();
    server.close();
  });
});

test('invites the body of a client that asks first, and only when it is wanted', async () => {
  const entries = await openEntries(
    door(
      {
        method: 'POST',
        path: '/wanted',
        open: true,
        handle: async request => json(200, { body: await request.text(100) }),
      },
      { method: 'POST', path: '/closed', handle: () => json(200, {}) },
    ),
  );
  const ask = (path: string) =>
    new Promise<{ invited: boolean; status?: number; connection?: string }>((resolve, reject) => {
      let invited = false;
      const headers = { expect: '100-continue', 'content-length': 5 };
      const request = httpRequest({ port: entries.port, host: '127.0.0.1', path, method: 'POST', headers });
      request.on('continue', () => {
        invited = true;
        request.end('hello');
      });
      request.on('response', response => {
        response.resume();
        resolve({ invited, status: response.statusCode, connection: response.headers.connection });
      });
      request.on('error', reject);
      request.flushHeaders();
    });
  expect(await ask('/wanted')).toMatchObject({ invited: true, status: 200 });
  expect(await ask('/closed')).toEqual({ invited: false, status: 401, connection: 'close' });
  await entries.close();
});

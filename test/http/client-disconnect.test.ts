import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incoming } from '../../src/http/message/message.ts';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

let entries: OpenEntries;
const events: string[] = [];
let produced = 0;
let arrived = () => {};

const block = new Uint8Array(65_536);

/** Never ends of itself. */
const endless = () =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      produced += block.length;
      controller.enqueue(block);
    },
    cancel() {
      events.push('cancelled');
    },
  });

beforeAll(async () => {
  entries = await openEntries(
    door(
      {
        method: 'GET',
        path: '/wait',
        open: true,
        handle: request =>
          new Promise(resolve => {
            arrived();
            request.signal.addEventListener('abort', () => {
              events.push('aborted');
              resolve(json(200, {}));
            });
          }),
      },
      { method: 'GET', path: '/endless', open: true, handle: () => ({ status: 200, body: endless() }) },
      {
        method: 'GET',
        path: '/breaks',
        open: true,
        handle: () => ({
          status: 200,
          body: new ReadableStream({
            start: controller => controller.enqueue(block),
            pull: () => Promise.reject(new Error('half way')),
          }),
        }),
      },
      {
        method: 'POST',
        path: '/upload',
        open: true,
        async handle(request) {
          arrived();
          try {
            for await (const _ of request.stream());
          } catch {
            events.push('upload failed');
          }
          return json(200, {});
        },
      },
      ...(['text', 'stream'] as const).map(way => ({
        ...{ method: 'POST', path: `/late/${way}`, open: true as const },
        async handle(request: Incoming) {
          const gone = new Promise(resolve => request.signal.addEventListener('abort', resolve));
          arrived();
          await gone;
          const read = way === 'text' ? request.text(1_000) : new Response(request.stream()).text();
          await read.catch(() => events.push(`${way} failed`));
          return json(200, {});
        },
      })),
    ),
  );
});

afterAll(() => entries.close());

const until = (holds: () => boolean) => expect.poll(holds).toBe(true);

async function leave(request: string) {
  const here = new Promise<void>(resolve => {
    arrived = resolve;
  });
  const socket = connect(entries.port, '127.0.0.1', () => socket.write(request));
  await here;
  socket.destroy();
}

test('aborts the signal when the client goes away, and logs 499', async () => {
  await leave('GET /wait HTTP/1.1\r\nHost: x\r\nX-Request-Id: left\r\n\r\n');
  await until(() => events.includes('aborted'));
  await until(() => entries.logged().some(line => line.requestId === 'left'));
  expect(entries.logged().find(line => line.requestId === 'left')).toMatchObject({ status: 499 });
});

test('reads a stream no faster than the client does, and cancels it when the client goes away', async () => {
  const socket = connect(entries.port, '127.0.0.1', () =>
    socket.write('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n'),
  );
  socket.pause();
  let before = -1;
  await until(() => {
    const still = produced === before && produced > 0;
    before = produced;
    return still;
  });
  expect(produced).toBeLessThan(100_000_000);
  socket.destroy();
  await until(() => events.includes('cancelled'));
});

test('cuts the connection when a stream breaks, so that a part is not taken for the whole', async () => {
  const response = await entries.overSocket('/breaks', { headers: { 'x-request-id': 'broke' } });
  await expect(response.arrayBuffer()).rejects.toThrow();
  expect(entries.logged().find(line => line.requestId === 'broke' && line.level === 50)).toBeDefined();
});

test('fails the body stream when the client goes away in the middle of an upload', async () => {
  await leave('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc');
  await until(() => events.includes('upload failed'));
});

test.each(['text', 'stream'])('fails a body that is read when the client has gone already: %s', async way => {
  await leave(`POST /late/${way} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc`);
  await until(() => events.includes(`${way} failed`));
});

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

const bytesMax = 100_000;
let entries: OpenEntries;
beforeAll(async () => {
  const common = { method: 'POST', open: true as const };
  entries = await openEntries(
    door(
      { ...common, path: '/text', handle: async request => json(200, [await request.text(bytesMax)]) },
      {
        ...common,
        path: '/stream',
        async handle(request) {
          let text = '';
          for await (const chunk of request.stream()) text += Buffer.from(chunk);
          return json(200, [text]);
        },
      },
    ),
  );
});
afterAll(() => entries.close());

type Body = Uint8Array<ArrayBuffer>;
const bytes = (buffer: Buffer): Body => new Uint8Array(buffer);
const gzip = (text: string): Body => bytes(gzipSync(text));

/** By both entries, which must say the same. */
async function post(path: string, body: Body | string, encoding: string) {
  const init = { method: 'POST', body, headers: { 'content-encoding': encoding } };
  const answers = await Promise.all(
    [entries.inProcess, entries.overSocket].map(async send => {
      const response = await send(path, init);
      const { error, ...rest } = (await response.json()) as { error?: { code: string; message: string } };
      const accepted = response.headers.get('accept-encoding');
      return { status: response.status, accepted, code: error?.code, message: error?.message, rest };
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  return answers[0]!;
}

const content = 'sku,näme\n'.repeat(1_000);

describe.each(['/text', '/stream'])('%s', path => {
  test.each<[string, Body | string]>([
    ['gzip', gzip(content)],
    ['X-GZIP', gzip(content)],
    ['br', bytes(brotliCompressSync(content))],
    ['identity', content],
    ['gzip', bytes(Buffer.concat([gzipSync(content.slice(0, 99)), gzipSync(content.slice(99))]))],
  ])('a body that comes with %s is decoded', async (encoding, body) => {
    expect(await post(path, body, encoding)).toMatchObject({ status: 200, rest: { 0: content } });
  });

  test.each<[string, Body]>([
    ['deflate', bytes(deflateSync(content))],
    ['zstd', gzip(content)],
    ['gzip, gzip', bytes(gzipSync(gzipSync(content)))],
  ])('%s is refused with what is accepted', async (encoding, body) => {
    expect(await post(path, body, encoding)).toMatchObject({
      ...{ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', accepted: 'gzip, br' },
    });
  });

  test.each<[string, string, Body | string]>([
    ['that is not compressed', 'gzip', content],
    ['that is not compressed', 'br', content],
    ['that is cut off', 'gzip', gzip(content).slice(0, 40)],
    ['whose checksum is wrong', 'gzip', gzip(content).fill(0, -8, -4)],
  ])('a body %s is the fault of its sender: %s', async (_, encoding, body) => {
    expect(await post(path, body, encoding)).toMatchObject({ status: 400, code: 'MALFORMED_REQUEST' });
  });
});

test.each<[string, (text: string) => Buffer]>([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
])('what comes out of a body is bounded: %s', async (encoding, compress) => {
  const fits = bytes(compress('x'.repeat(bytesMax)));
  expect((await post('/text', fits, encoding)).status).toBe(200);
  const bomb = bytes(compress('x'.repeat(200 * bytesMax)));
  expect(bomb.length).toBeLessThan(bytesMax);
  expect(await post('/text', bomb, encoding)).toMatchObject({ status: 413, code: 'TOO_LARGE' });
});

test('a body of which nothing comes out does not go on for ever', async () => {
  const empty = Buffer.concat(Array.from({ length: 3_000 }, () => gzipSync('')));
  let left = 200;
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(empty);
      if (--left === 0) controller.close();
    },
  });
  const init = { method: 'POST', body, headers: { 'content-encoding': 'gzip' }, duplex: 'half' };
  const response = await entries.inProcess('/stream', init as RequestInit);
  expect(response.status).toBe(413);
  expect(left).toBeGreaterThan(100);
});

// $batch in JSON.

import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { answersOf } from './batch-client.ts';

const server = serverForFile({ demo: true, env: { BATCH_PARTS_MAX: '20' } });

async function send(requests: unknown, headers: Record<string, string> = {}) {
  const response = await server.fetch('/odata/$batch', { key: server.adminKey, json: { requests }, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

/** @returns the responses of a batch that is accepted */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
async function answers(requests: unknown, headers?: Record<string, string>): Promise<any[]> {
  const reply = await send(requests, headers);
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.headers.get('odata-version')).toBe('4.0');
  return JSON.parse(reply.text).responses;
}

const get = (id: string, url: string, more: object = {}) => ({ id, method: 'get', url, ...more });
const statuses = (responses: readonly { id: string; status: number }[]) =>
  responses.map(({ id, status }) => [id, status]);

test('answers each request as it would be answered alone', async () => {
  const [data, count, raw, metadata] = await answers([
    get('a', '/odata/products?$top=2&$select=id,price'),
    get('b', 'products/$count'),
    get('c', '/products(1)/name/$value'),
    get('d', '$metadata'),
  ]);
  const alone = (path: string) => server.fetch(`/odata/${path}`, { key: server.adminKey });
  expect(data).toEqual({
    id: 'a',
    status: 200,
    headers: { 'content-type': 'application/json;odata.metadata=minimal', 'odata-version': '4.0' },
    body: await (await alone('products?$top=2&$select=id,price')).json(),
  });
  expect(count).toMatchObject({ id: 'b', body: await (await alone('products/$count')).text() });
  expect(raw).toMatchObject({ id: 'c', body: await (await alone('products(1)/name/$value')).text() });
  expect(metadata.headers['content-type']).toBe('application/xml');
  expect(Buffer.from(metadata.body, 'base64url').toString()).toBe(await (await alone('$metadata')).text());
});

test('numbers keep their digits', async () => {
  const price = (await server.database.query('select price from "Product" where id = 1')).rows[0]![0];
  const { text } = await send([get('1', 'products(1)?$select=price')]);
  expect(text).toContain(`"price":${price}`);
});

test('all requests are done, unless the client prefers otherwise', async () => {
  const requests = [get('1', 'products(1)?$select=id'), get('2', 'nope'), get('3', 'products(2)?$select=id')];
  expect(statuses(await answers(requests))).toEqual([
    ['1', 200],
    ['2', 404],
    ['3', 200],
  ]);
  expect(statuses(await answers(requests, { prefer: 'continue-on-error=false' }))).toEqual([
    ['1', 200],
    ['2', 404],
  ]);
});

test('what depends on a request that failed fails too', async () => {
  const responses = await answers([
    get('1', 'products(1)?$select=id'),
    get('2', 'nope'),
    get('3', 'products(2)?$select=id', { dependsOn: ['1'] }),
    get('4', 'products(2)?$select=id', { dependsOn: ['1', '2'] }),
    get('5', 'products(2)?$select=id', { dependsOn: ['4'] }),
  ]);
  expect(statuses(responses)).toEqual([
    ['1', 200],
    ['2', 404],
    ['3', 200],
    ['4', 424],
    ['5', 424],
  ]);
  expect(responses[3].body.error.code).toBe('FAILED_DEPENDENCY');
});

test.each<readonly [condition: string, status: number]>([
  ['$1/$succeeded', 200],
  ['$2/$succeeded', 424],
  ['not $2/$succeeded', 200],
  ['$1/$succeeded and not ($2/$succeeded or false)', 200],
  ['not not $1/$succeeded and true', 200],
  ['$2/$succeeded or $1/$succeeded', 200],
  ['$9/$succeeded', 424],
  ['not $9/$succeeded', 424],
  ['$1/name eq null', 424],
  ['not $1/name', 424],
  ['(true', 424],
  ['true)', 424],
  ['true true', 424],
  ['', 400],
])('"if": %s', async (condition, status) => {
  const reply = await send([
    get('1', 'products(1)?$select=id'),
    get('2', 'nope'),
    get('3', 'products(2)?$select=id', { dependsOn: ['1', '2'], if: condition }),
  ]);
  const { responses } = JSON.parse(reply.text);
  expect(responses ? responses[2].status : reply.status).toBe(status);
});

test('a later request names what an earlier one was about', async () => {
  const [, name] = await answers([
    get('first', 'products(1)?$select=id'),
    get('second', '$first/name/$value', { dependsOn: ['first'] }),
  ]);
  expect(name.body).toBe(
    (await server.database.query('select name from "Product" where id = 1')).rows[0]![0],
  );
});

test('an atomicity group is answered part by part', async () => {
  const group = { atomicityGroup: 'g' };
  const responses = await answers([
    get('1', 'products(1)?$select=id', group),
    get('2', 'nope', group),
    get('3', 'products(2)?$select=id', group),
    get('4', 'products(2)?$select=id', { dependsOn: ['g'] }),
  ]);
  expect(responses.map(({ id, atomicityGroup, status }) => [id, atomicityGroup, status])).toEqual([
    ['1', 'g', 424],
    ['2', 'g', 404],
    ['3', 'g', 424],
    ['4', undefined, 424],
  ]);
});

test('the answer may be wanted in the other format', async () => {
  const reply = await send([get('x', 'products(1)?$select=id'), get('y', 'nope')], {
    accept: 'multipart/mixed',
  });
  const parts = answersOf(reply);
  expect(parts.map(({ around, status }) => [around.get('content-id'), status])).toEqual([
    ['x', 200],
    ['y', 404],
  ]);
  const multipart = await server.fetch('/odata/$batch', {
    method: 'POST',
    key: server.adminKey,
    headers: {
      'content-type': 'multipart/mixed; boundary=b',
      accept: 'application/json',
      'odata-maxversion': '4.01',
    },
    body: '--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nGET products(1)?$select=id\r\n\r\n--b--',
  });
  expect((await multipart.json()).responses).toMatchObject([{ id: '1', status: 200, body: { id: 1 } }]);
});

describe('is refused', () => {
  const one = get('1', 'products(1)');
  test.each<readonly [what: string, requests: unknown]>([
    ['without requests', undefined],
    ['when they are no list', {}],
    ['when one is no object', ['x']],
    ['when one has no id', [{ method: 'get', url: 'products' }]],
    ['when one has no URL', [{ id: '1', method: 'get' }]],
    ['when an id is given twice', [one, one]],
    ['when an id is that of a group', [{ ...one, id: '0', atomicityGroup: '1' }, one]],
    ['when a group has the id of a request', [one, { ...one, id: '2', atomicityGroup: '1' }]],
    [
      'when a group is torn apart',
      [{ ...one, atomicityGroup: 'g' }, get('2', 'x'), get('3', 'x', { atomicityGroup: 'g' })],
    ],
    ['when one depends on what comes later', [{ ...one, dependsOn: ['2'] }, get('2', 'products')]],
    ['when one depends on itself', [{ ...one, dependsOn: ['1'] }]],
    ['when an id has a line break', [{ ...one, id: '1\r\nX: y' }]],
    ['when a header has a line break', [{ ...one, headers: { accept: 'a\r\nb' } }]],
    ['when a header is no text', [{ ...one, headers: { accept: 1 } }]],
    ['with too many requests', Array.from({ length: 21 }, (_, id) => get(`${id}`, 'products'))],
  ])('%s', async (_, requests) => {
    const reply = await send(requests);
    expect(reply.status, reply.text).toBe(400);
    expect(JSON.parse(reply.text).error.code).toMatch(/^(INVALID_VALUE|LIMIT_EXCEEDED)$/);
  });

  test.each([
    '',
    'x',
    '[]',
    'null',
    '{"requests":[{"id":"1","method":"post","url":"x","body":'.concat('['.repeat(400_000)),
  ])('for what is no batch: %.20s', async body => {
    const headers = { 'content-type': 'application/json' };
    const response = await server.fetch('/odata/$batch', {
      method: 'POST',
      key: server.adminKey,
      headers,
      body,
    });
    expect(response.status).toBe(400);
  });

  test('for a body that is nested without end', async () => {
    const body = `{"requests":[{"id":"1","method":"post","url":"products","body":${'['.repeat(300_000)}${']'.repeat(300_000)}}]}`;
    const headers = { 'content-type': 'application/json' };
    const response = await server.fetch('/odata/$batch', {
      method: 'POST',
      key: server.adminKey,
      headers,
      body,
    });
    expect(response.status).toBe(400);
  });

  test('a batch within the batch, and a URL of another host', async () => {
    const responses = await answers([
      { id: '1', method: 'post', url: '$batch', body: { requests: [] } },
      get('2', 'https://evil.example/odata/products'),
      get('3', '//evil.example/odata/products'),
    ]);
    expect(statuses(responses)).toEqual([
      ['1', 400],
      ['2', 400],
      ['3', 400],
    ]);
  });
});

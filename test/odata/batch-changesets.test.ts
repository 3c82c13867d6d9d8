// Writes in a batch: changesets that count as a whole, references, and batches that are sent twice.

import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { answersOf, type PartReply, type SentBatch, sendBatch } from './batch-client.ts';

const root = 'https://shop.example/odata';

const server = serverForFile({ env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  await server.database.query(`SELECT setval('"Supplier_id_seq"', 1000)`);
});

beforeEach(async () => {
  await server.database.query('DELETE FROM "Product"; DELETE FROM "Category"; DELETE FROM "Supplier"');
  await server.database.query(
    `INSERT INTO "Supplier" (id, code, name, country) VALUES (1, 'A', 'first', 'DE')`,
  );
});

const http = 'Content-Type: application/http\r\n';
const json = 'Content-Type: application/json\r\n';

/** @returns one part: `POST suppliers`, with a body and a Content-ID if they are given */
const part = (request: string, body?: object, id?: string, headers = ''): string =>
  `${http}${id === undefined ? '' : `Content-ID: ${id}\r\n`}\r\n${request} HTTP/1.1\r\n${body ? json : ''}${headers}\r\n${body ? JSON.stringify(body) : ''}\r\n`;

const changeset = (...parts: string[]): string =>
  `Content-Type: multipart/mixed; boundary=c\r\n\r\n${parts.map(text => `--c\r\n${text}`).join('')}--c--\r\n`;

const batch = (...parts: string[]): string => `${parts.map(text => `--b\r\n${text}`).join('')}--b--\r\n`;

async function answers(body: string, more?: Omit<SentBatch, 'body'>): Promise<PartReply[]> {
  const reply = await sendBatch(server, { body, ...more });
  expect(reply.status, reply.text).toBe(200);
  return answersOf(reply);
}

const supplier = (code: string, more: object = {}) => ({ code, name: code, country: 'DE', ...more });
const statuses = (parts: readonly PartReply[]): number[] => parts.map(({ status }) => status);
const codes = async (): Promise<unknown[]> =>
  (await server.database.query('SELECT code FROM "Supplier" ORDER BY code')).rows.flat();

describe('a changeset', () => {
  test('is answered request by request where all of it succeeds', async () => {
    const parts = await answers(
      batch(
        changeset(
          part('POST suppliers', supplier('B'), '1'),
          part('PATCH suppliers(1)', { name: 'changed' }, '2'),
          part('DELETE suppliers(1)', undefined, '3'),
        ),
        part('GET suppliers?$select=code'),
      ),
    );
    expect(
      parts.map(({ status, changeset: number, around }) => [status, number, around.get('content-id')]),
    ).toEqual([
      [201, 0, '1'],
      [204, 0, '2'],
      [204, 0, '3'],
      [200, undefined, null],
    ]);
    expect(parts[0]!.headers.get('location')).toMatch(/^https:\/\/shop\.example\/odata\/suppliers\(\d+\)$/);
    expect(parts[0]!.body).toMatchObject({ code: 'B' });
    expect(parts[3]!.body.value).toEqual([{ code: 'B' }]);
  });

  test.each<readonly [what: string, request: string, body: object, status: number]>([
    ['a value is wrong', 'POST suppliers', { code: 'C', nope: 1 }, 400],
    ['a key exists', 'POST suppliers', supplier('A'), 409],
    ['a value is too long', 'PATCH suppliers(1)', { country: 'XXX' }, 400],
    ['there is no such entity', 'DELETE suppliers(999)', {}, 404],
    ['a set is unknown', 'POST nope', {}, 404],
    ['a read finds nothing', 'GET suppliers(999)', {}, 404],
  ])('has one answer, and nothing is written, where %s', async (_, request, body, status) => {
    const parts = await answers(
      batch(
        changeset(
          part('POST suppliers', supplier('B'), '1'),
          part(request, body, '2'),
          part('POST suppliers', supplier('D'), '3'),
        ),
      ),
    );
    expect(parts).toHaveLength(1);
    expect([parts[0]!.status, parts[0]!.changeset]).toEqual([status, undefined]);
    expect(parts[0]!.around.get('content-id')).toBe('2');
    expect(parts[0]!.body.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(await codes()).toEqual(['A']);
  });

  test('that failed ends the batch, or does not', async () => {
    const body = batch(
      part('POST suppliers', supplier('B')),
      changeset(part('POST suppliers', supplier('C'), '1'), part('POST suppliers', supplier('A'), '2')),
      part('POST suppliers', supplier('D')),
    );
    expect(statuses(await answers(body))).toEqual([201, 409]);
    expect(await codes()).toEqual(['A', 'B']);
    const going = body.replace('"code":"B"', '"code":"E"');
    expect(statuses(await answers(going, { headers: { prefer: 'odata.continue-on-error' } }))).toEqual([
      201, 409, 201,
    ]);
    expect(await codes()).toEqual(['A', 'B', 'D', 'E']);
  });

  test('is one transaction, which the change log knows as one, with who wrote', async () => {
    const last = (await server.database.query('SELECT coalesce(max(id), 0) FROM portolan.change'))
      .rows[0]![0];
    await answers(
      batch(
        changeset(part('POST suppliers', supplier('B'), '1'), part('PATCH suppliers(1)', { name: 'x' }, '2')),
      ),
    );
    const { rows } = await server.database.query(
      `SELECT transaction, actor->>'principal' FROM portolan.change WHERE id > ${last}`,
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0]![1]).toMatch(/^key:/);
  });

  test('needs the permission for each of its requests', async () => {
    const key = await server.createKey('suppliers:write', 'suppliers:read', 'categories:read');
    const parts = await answers(
      batch(
        changeset(
          part('POST suppliers', supplier('B'), '1'),
          part('POST categories', { slug: 's', name: 's' }, '2'),
        ),
      ),
      { key },
    );
    expect([statuses(parts), parts[0]!.body.error.code]).toEqual([[403], 'SCOPE_MISSING']);
    expect(await codes()).toEqual(['A']);
  });

  test('meets others that change the same the other way round, and is done none the less', async () => {
    await server.database.query(
      `INSERT INTO "Supplier" (id, code, name, country) VALUES (2, 'B', 'second', 'DE')`,
    );
    const one = (first: number, second: number) =>
      batch(
        changeset(
          part(`PATCH suppliers(${first})`, { name: `${first}` }, '1'),
          part(`PATCH suppliers(${second})`, { name: `${second}` }, '2'),
        ),
      );
    const both = Array.from({ length: 2 }, (_, index) => answers(index % 2 === 0 ? one(1, 2) : one(2, 1)));
    for (const parts of await Promise.all(both)) expect(statuses(parts)).toEqual([204, 204]);
  });

  test('sees its own writes', async () => {
    const parts = await answers(
      batch(
        changeset(
          part('PATCH suppliers(1)', { name: 'seen' }, '1'),
          part('GET suppliers(1)/name/$value', undefined, '2'),
        ),
      ),
    );
    expect(parts[1]!.text).toBe('seen');
  });
});

describe('what was made before', () => {
  test('can be named in a URL, and below it', async () => {
    const parts = await answers(
      batch(
        changeset(
          part('POST categories', { slug: 'new', name: 'New' }, '1'),
          part('POST $1/products', { sku: 'P1', name: 'P1', price: 1 }, '2'),
          part('PATCH $2', { stock: 7 }, '3'),
          part(`PATCH ${root}/$1`, { position: 3 }, '4'),
        ),
        part('GET $1?$select=slug,position&$expand=products($select=sku,stock)'),
      ),
    );
    expect(statuses(parts)).toEqual([201, 201, 204, 204, 200]);
    expect(parts[4]!.body).toMatchObject({ slug: 'new', position: 3, products: [{ sku: 'P1', stock: 7 }] });
    expect(parts[4]!.text).not.toContain('$1');
  });

  test('can be named in a body', async () => {
    const parts = await answers(
      batch(
        changeset(
          part('POST categories', { slug: 'bound', name: 'Bound' }, '1'),
          part('POST products', { sku: 'P1', name: 'P1', price: 1, 'category@odata.bind': '$1' }, '2'),
          part('POST products', { sku: 'P2', name: 'P2', price: 1 }, '3'),
          part('PUT $3/category/$ref', { '@odata.id': '$1' }, '4'),
        ),
      ),
    );
    expect(statuses(parts), parts.map(({ text }) => text).join()).toEqual([201, 201, 201, 204]);
    const { rows } = await server.database.query(
      `SELECT count(*) FROM "Product" p JOIN "Category" c ON c.id = p."categoryId" WHERE c.slug = 'bound'`,
    );
    expect(rows).toEqual([['2']]);
  });

  test('can be named by nobody where it was undone', async () => {
    const parts = await answers(
      batch(
        changeset(part('POST suppliers', supplier('B'), '1'), part('POST suppliers', supplier('A'), '2')),
        part('PATCH $1', { name: 'x' }),
      ),
      { headers: { prefer: 'odata.continue-on-error' } },
    );
    expect(statuses(parts)).toEqual([409, 400]);
  });

  test('has an ETag that a later request can demand', async () => {
    const read = part('GET suppliers(1)?$select=name', undefined, '1');
    const parts = await answers(
      batch(read, part('PATCH suppliers(1)', { name: 'x' }, '2', 'If-Match: $1\r\n')),
    );
    expect(statuses(parts)).toEqual([200, 204]);
    const stale = await answers(
      batch(
        part('PATCH suppliers(1)', { name: 'y' }, '1'),
        part('PATCH suppliers(1)', { name: 'z' }, '2'),
        part('PATCH suppliers(1)', { name: 'z' }, '3', 'If-Match: $1\r\n'),
      ),
    );
    expect(statuses(stale)).toEqual([204, 204, 412]);
  });
});

describe('writes outside of changesets', () => {
  test('each count for themselves', async () => {
    const parts = await answers(
      batch(
        part('POST suppliers', supplier('B'), undefined, 'Prefer: return=minimal\r\n'),
        part('PATCH suppliers(1)', { name: 'x' }),
        part('POST suppliers', supplier('B')),
        part('POST suppliers', supplier('C')),
      ),
    );
    expect(statuses(parts)).toEqual([204, 204, 409]);
    expect(parts[0]!.headers.get('odata-entityid')).toMatch(/\/odata\/suppliers\(\d+\)$/);
    expect(await codes()).toEqual(['A', 'B']);
  });

  test('are seen by the reads behind them, and not by those before', async () => {
    const count = part('GET suppliers/$count');
    const parts = await answers(
      batch(
        count,
        count,
        part('POST suppliers', supplier('B')),
        count,
        part('POST suppliers', supplier('C')),
        count,
      ),
    );
    expect(parts.filter(({ status }) => status === 200).map(({ text }) => text)).toEqual([
      '1',
      '1',
      '2',
      '3',
    ]);
  });
});

describe('an Idempotency-Key', () => {
  const body = batch(
    part('POST suppliers', supplier('B')),
    changeset(part('POST suppliers', supplier('C'), '1')),
    part('GET suppliers(1)?$select=id'),
    part('GET suppliers?$filter=1 div 0 eq 1'),
    part('GET suppliers(1)?$select=id'),
    part('POST suppliers', supplier('A')),
    part('GET suppliers/$count'),
  );
  const headers = { prefer: 'odata.continue-on-error' };

  test('makes a batch that is sent twice be done once', async () => {
    const once = { headers: { ...headers, 'idempotency-key': 'batch-1' } };
    const first = await answers(body, once);
    expect(statuses(first)).toEqual([201, 201, 200, 400, 200, 409, 200]);
    expect(first[6]!.text).toBe('3');
    const again = await sendBatch(server, { body: body.replaceAll('--b', '--other'), ...once });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(answersOf(again).map(({ text }) => text)).toEqual(first.map(({ text }) => text));
    expect(await codes()).toEqual(['A', 'B', 'C']);
    expect((await sendBatch(server, { body: body.replace('"C"', '"D"'), ...once })).status).toBe(422);
  });

  test('keeps nothing where nothing was done', async () => {
    const once = { headers: { 'idempotency-key': 'batch-2' } };
    const wrong = batch(part('POST suppliers', supplier('A')));
    expect(statuses(await answers(wrong, once))).toEqual([409]);
    await server.database.query('DELETE FROM "Supplier"');
    expect(statuses(await answers(wrong, once))).toEqual([201]);
  });
});

describe('in JSON', () => {
  const send = async (requests: object[], headers: Record<string, string> = {}) => {
    const response = await server.fetch('/odata/$batch', {
      key: server.adminKey,
      json: { requests },
      headers,
    });
    return (await response.json()).responses;
  };
  const post = (id: string, url: string, body: object, more: object = {}) => ({
    id,
    method: 'post',
    url,
    body,
    ...more,
  });

  test('an atomicity group is written as a whole, and named later', async () => {
    const responses = await send([
      post('1', 'categories', { slug: 'g', name: 'G' }, { atomicityGroup: 'g' }),
      post(
        '2',
        '$1/products',
        { sku: 'P', name: 'P', price: '1.20' },
        { atomicityGroup: 'g', dependsOn: ['1'] },
      ),
      { id: '3', method: 'get', url: '$2/price/$value', dependsOn: ['g'] },
    ]);
    expect(
      responses.map(({ status }: { status: number }) => status),
      JSON.stringify(responses),
    ).toEqual([201, 201, 200]);
    expect(responses[0]).toMatchObject({
      atomicityGroup: 'g',
      headers: { location: expect.stringMatching(/^https:\/\/shop\.example\/odata\/categories\(\d+\)$/) },
    });
    expect(responses[2].body).toBe('1.20');
  });

  test('or not at all', async () => {
    const responses = await send([
      post('1', 'suppliers', supplier('B'), { atomicityGroup: 'g' }),
      post('2', 'suppliers', supplier('A'), { atomicityGroup: 'g' }),
      post('3', 'suppliers', supplier('C')),
      post('4', 'suppliers', supplier('D'), { dependsOn: ['g'] }),
      post('5', 'suppliers', supplier('E'), { dependsOn: ['g'], if: 'not $g/$succeeded' }),
    ]);
    expect(responses.map(({ status }: { status: number }) => status)).toEqual([424, 409, 201, 424, 201]);
    expect(await codes()).toEqual(['A', 'C', 'E']);
  });

  test('numbers keep every digit on their way in', async () => {
    const text = `{"requests":[{"id":"1","method":"POST","url":"products","body":{"sku":"N","name":"N","price":1234567890.10,"stock":1}}]}`;
    const response = await server.fetch('/odata/$batch', {
      method: 'POST',
      key: server.adminKey,
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(await response.text()).toContain('"price":1234567890.10');
  });
});

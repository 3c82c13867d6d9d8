// $batch in multipart/mixed.

import { describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';
import { answersOf, type PartReply, type SentBatch, sendBatch } from './batch-client.ts';

const server = serverForFile({
  demo: true,
  env: { PUBLIC_URL: 'https://shop.example', BATCH_PARTS_MAX: '20' },
});

const send = (body: string, more?: Omit<SentBatch, 'body'>) => sendBatch(server, { body, ...more });

/** @returns the answers of a batch that is accepted */
async function answers(body: string, more?: Omit<SentBatch, 'body'>): Promise<PartReply[]> {
  const reply = await send(body, more);
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers.get('odata-version')).toBe('4.0');
  return answersOf(reply);
}

/** @returns a batch of requests that stand for themselves */
const batchOf = (...requests: string[]): string =>
  `${requests.map(request => `--b\r\nContent-Type: application/http\r\n\r\n${request}\r\n\r\n\r\n`).join('')}--b--\r\n`;

const statuses = (parts: readonly PartReply[]): number[] => parts.map(part => part.status);

describe('a request of a batch', () => {
  test('is answered as it would be alone', async () => {
    const paths = [
      'products?$top=2&$select=id,price',
      'products(1)',
      '$metadata',
      'products/$count',
      'products(1)/name/$value',
      '',
      'products?$filter=category eq null&$expand=category&$top=1',
    ];
    const parts = await answers(batchOf(...paths.map(path => `GET /odata/${path} HTTP/1.1`)));
    expect(parts).toHaveLength(paths.length);
    for (const [index, path] of paths.entries()) {
      const alone = await server.fetch(`/odata/${path}`, { key: server.adminKey });
      const part = parts[index]!;
      expect(part.status).toBe(alone.status);
      expect(part.text).toBe(await alone.text());
      expect(part.headers.get('content-type')).toBe(alone.headers.get('content-type'));
      expect(part.headers.get('odata-version')).toBe('4.0');
    }
  });

  test.each([
    'https://shop.example/odata/products(1)',
    'https://SHOP.example:443/odata/products(1)',
    'http://shop.example/odata/products(1)',
    '/odata/products(1)',
    '/products(1)',
    'products(1)',
    '/odata/products(1)/',
    'products(id=1)?$select=id,name',
    'products(1)?$select=id, name',
  ])('may name its target as %s', async url => {
    const [part] = await answers(batchOf(`GET ${url} HTTP/1.1`));
    expect(part!.status, part!.text).toBe(200);
    expect(part!.body.id).toBe(1);
  });

  test('may name the host as the client knows it', async () => {
    const headers = { host: 'inside:8080' };
    const url = 'http://inside:8080/odata/products(1)';
    expect(statuses(await answers(batchOf(`GET ${url} HTTP/1.1`), { headers }))).toEqual([200]);
    expect(statuses(await answers(batchOf(`GET ${url} HTTP/1.1`)))).toEqual([400]);
  });

  test.each([
    'https://evil.example/odata/products(1)',
    'https://shop.example.evil.example/odata/products(1)',
    'https://shop.example@evil.example/odata/products(1)',
    'https://evil@shop.example/odata/products(1)',
    'https://shop.example:444/odata/products(1)',
    'ftp://shop.example/odata/products(1)',
    '//evil.example/odata/products(1)',
    '//shop.example/odata/products(1)',
    'https://shop.example/api/keys',
    'https://shop.example/odatax',
    'file:///etc/passwd',
  ])('that leads elsewhere is refused: %s', async url => {
    const [part] = await answers(batchOf(`GET ${url} HTTP/1.1`));
    expect(part!.status).toBe(400);
    expect(part!.body.error.code).toBe('INVALID_VALUE');
  });

  test.each([
    '/api/keys',
    '/graphql?query={__typename}',
    '/odata/../api/keys',
    '../api/keys',
    '/healthz',
    '/odata/%2e%2e/healthz',
  ])('never reaches another door: %s', async url => {
    const [part] = await answers(batchOf(`GET ${url} HTTP/1.1`));
    expect([400, 404, 501]).toContain(part!.status);
    expect(part!.body.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });

  test('has its errors in OData’s form, placed in its own URL', async () => {
    const [part] = await answers(batchOf('GET products?$filter=nope eq 1 HTTP/1.1'));
    const alone = await server.fetch('/odata/products?$filter=nope eq 1', { key: server.adminKey });
    expect(part!.status).toBe(400);
    const { innererror, ...error } = part!.body.error;
    const { innererror: other, ...expected } = (await alone.json()).error;
    expect(error).toEqual(expected);
    expect({ ...innererror, requestId: 0 }).toEqual({ ...other, requestId: 0 });
  });

  test('may do what the caller may do, and no more, whatever credential it brings along', async () => {
    const key = await server.createKey('products:read');
    const more = `X-API-Key: ${server.adminKey}\r\nAuthorization: Bearer x`;
    const parts = await answers(
      batchOf('GET products(1)?$select=id', `GET customers\r\n${more}`, 'GET products(1)?$select=cost'),
      { key, headers: { prefer: 'odata.continue-on-error' } },
    );
    expect(statuses(parts)).toEqual([200, 403, 403]);
    expect((await sendBatch(server, { body: batchOf('GET products'), key: 'nope' })).status).toBe(401);
  });

  test('is no batch itself', async () => {
    for (const url of ['$batch', '/odata/$batch', '/odata/%24batch/', 'https://shop.example/odata/$batch']) {
      const [part] = await answers(
        batchOf(`POST ${url} HTTP/1.1\r\nContent-Type: multipart/mixed; boundary=c`),
      );
      expect([part!.status, part!.body.error.code]).toEqual([400, 'INVALID_OPERATION']);
    }
  });

  test('by a method that there is not is refused', async () => {
    const [part] = await answers(batchOf('MERGE products(1) HTTP/1.1'));
    expect([part!.status, part!.headers.get('allow')]).toEqual([405, 'GET, POST, PUT, PATCH, DELETE']);
  });

  test('by HEAD has an answer without a body', async () => {
    const [part] = await answers(batchOf('HEAD products(1) HTTP/1.1'));
    expect(part).toMatchObject({ status: 200, text: '' });
  });

  test('takes what it does not say of headers from the batch, but not the format', async () => {
    const headers = { 'odata-maxversion': '4.01', accept: 'multipart/mixed' };
    const reply = await send(
      batchOf('GET products(1)?$select=id', 'GET products(1)?$select=id\r\nOData-MaxVersion: 4.0'),
      {
        headers,
      },
    );
    expect(reply.headers.get('odata-version')).toBe('4.01');
    const [new_, old] = answersOf(reply);
    expect(new_!.headers.get('odata-version')).toBe('4.01');
    expect(new_!.body).toHaveProperty(['@context']);
    expect(old!.headers.get('odata-version')).toBe('4.0');
    expect(old!.body).toHaveProperty(['@odata.context']);
  });
});

describe('the order', () => {
  const three = batchOf('GET products(1)?$select=id', 'GET nope', 'GET products(2)?$select=id');

  test('ends at the first error', async () => {
    expect(statuses(await answers(three))).toEqual([200, 404]);
    expect(statuses(await answers(three, { headers: { prefer: 'continue-on-error=false' } }))).toEqual([
      200, 404,
    ]);
  });

  test('goes on after errors where the client prefers that', async () => {
    for (const prefer of [
      'odata.continue-on-error',
      'continue-on-error=true',
      'return=minimal, odata.continue-on-error',
    ]) {
      const reply = await send(three, { headers: { prefer } });
      expect(statuses(answersOf(reply))).toEqual([200, 404, 200]);
      expect(reply.headers.get('preference-applied')).toBe('odata.continue-on-error');
    }
  });

  test('of the answers is that of the requests, though reads run beside each other', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => index + 1);
    const parts = await answers(batchOf(...ids.map(id => `GET products(${id})?$select=id HTTP/1.1`)));
    expect(parts.map(part => part.body.id)).toEqual(ids);
  });
});

describe('what clients write', () => {
  const get = 'GET products(1)?$select=id HTTP/1.1';
  const http = 'Content-Type: application/http';
  test.each<readonly [what: string, body: string]>([
    ['line feeds alone', `--b\n${http}\n\n${get}\n\n\n--b--\n`],
    [
      'a preamble and an epilogue',
      `hello\r\n--b\r\n${http}\r\n\r\n${get}\r\n\r\n\r\n--b--\r\nGroup ID: $auto`,
    ],
    ['a blank line before', `\r\n--b\r\n${http}\r\n\r\n${get}\r\n\r\n\r\n--b--`],
    ['no line after the end', `--b\r\n${http}\r\n\r\n${get}\r\n\r\n\r\n--b--`],
    [
      'headers without a space',
      `--b\r\nContent-Type:application/http\r\n\r\nGET products(1)?$select=id HTTP/1.1\r\nAccept:application/json\r\n\r\n\r\n--b--`,
    ],
    [
      'a trailing space',
      `--b  \r\n${http}\r\nContent-Transfer-Encoding: binary \r\n\r\n${get}\r\n\r\n\r\n--b-- \r\n`,
    ],
    ['no header at all', `--b\r\n\r\n${get}\r\n\r\n--b--`],
    ['not even a blank line', `--b\r\n${get}\r\n\r\n--b--`],
    ['no blank line behind the headers', `--b\r\n${http}\r\n\r\n${get}\r\n--b--`],
    ['blank lines too many', `--b\r\n\r\n${http}\r\n\r\n\r\n\r\n${get}\r\n\r\n\r\n\r\n--b--`],
    ['no version', `--b\r\n${http}\r\n\r\nGET products(1)?$select=id\r\n\r\n\r\n--b--`],
    ['a small method', `--b\r\n${http}\r\n\r\nget products(1)?$select=id HTTP/1.1\r\n\r\n\r\n--b--`],
    [
      'the boundary in the middle of a line',
      `--b\r\n${http}\r\n\r\n${get}\r\nX-Note: --b\r\n\r\nx--b\r\n--bb\r\n--b--`,
    ],
    [
      'a body where none belongs',
      `--b\r\n${http}\r\n\r\n${get}\r\nContent-Type: application/json\r\n\r\nnull\r\n--b--`,
    ],
  ])('%s', async (_, body) => {
    const [part, ...others] = await answers(body);
    expect([part!.status, part!.body.id, others.length], part!.text).toEqual([200, 1, 0]);
  });

  test('the Content-ID comes back, from whichever block it was in', async () => {
    const body = `--b\r\n${http}\r\nContent-ID: 0.0\r\n\r\n${get}\r\n\r\n\r\n--b\r\n${http}\r\n\r\n${get}\r\nContent-Id: x~1\r\n\r\n\r\n--b--`;
    const parts = await answers(body);
    expect(parts.map(part => part.around.get('content-id'))).toEqual(['0.0', 'x~1']);
  });

  test('a boundary may be quoted, and hold blanks', async () => {
    const body = `--a b\r\n${http}\r\n\r\n${get}\r\n\r\n\r\n--a b--`;
    expect(
      statuses(await answers(body, { contentType: 'Multipart/Mixed;charset=utf-8; boundary="a b"' })),
    ).toEqual([200]);
  });

  test('an entity that was read can be named by the id of its request', async () => {
    const body = `--b\r\n${http}\r\nContent-ID: 7\r\n\r\n${get}\r\n\r\n--b\r\n${http}\r\n\r\nGET $7/name/$value HTTP/1.1\r\n\r\n--b--`;
    const [, name] = await answers(body);
    expect(name!.text).toBe(
      (await server.database.query('select name from "Product" where id = 1')).rows[0]![0],
    );
    const slash = body.replace('products(1)?', 'products(1)/?');
    expect((await answers(slash))[1]!.text).toBe(name!.text);
    const [unknown] = await answers(batchOf('GET $8/name HTTP/1.1'));
    expect(unknown!.status).toBe(400);
  });
});

describe('a batch is refused', () => {
  const get = 'GET products(1)?$select=id HTTP/1.1';
  test.each<readonly [what: string, body: string, contentType: string | undefined, status: number]>([
    ['without a boundary', '--b--', 'multipart/mixed', 400],
    ['with a boundary of control characters', '--b--', 'multipart/mixed; boundary="a\tb"', 400],
    ['when it is cut off', `--b\r\n\r\n${get}\r\n\r\n`, undefined, 400],
    ['when nothing of it is a batch', 'hello', 'multipart/mixed; boundary=b', 400],
    ['when a part is no request', '--b\r\n\r\nhello\r\n--b--', undefined, 400],
    ['when a part is empty', '--b\r\n\r\n--b--', undefined, 400],
    ['when a header is none', `--b\r\n\r\n${get}\r\nhello\r\n\r\n--b--`, undefined, 400],
    ['when a header is folded', `--b\r\n\r\n${get}\r\nA: b\r\n c\r\n\r\n--b--`, undefined, 400],
    [
      'when a header holds a line break of its own',
      `--b\r\n\r\n${get}\r\nContent-ID: 1\rX: y\r\n\r\n--b--`,
      undefined,
      400,
    ],
    [
      'when a header comes twice',
      `--b\r\n\r\n${get}\r\nAccept: a/b\r\naccept: */*\r\n\r\n--b--`,
      undefined,
      400,
    ],
    ['in another format', '<a/>', 'application/xml', 415],
    ['without a format', '', 'text/plain', 415],
    ['with too many requests', batchOf(...Array(21).fill(get)), undefined, 400],
  ])('%s', async (_, body, contentType, status) => {
    const reply = await send(body, { contentType });
    expect(reply.status, reply.text).toBe(status);
    expect(JSON.parse(reply.text).error.code).toEqual(expect.any(String));
    expect(reply.headers.get('odata-version')).toBe('4.0');
  });

  test('with too many requests within changesets', async () => {
    const change = (id: number) =>
      `--c\r\nContent-Type: application/http\r\nContent-ID: ${id}\r\n\r\n${get}\r\n\r\n`;
    const changeset = (count: number) =>
      `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${Array.from({ length: count }, (_, id) => change(id)).join('')}--c--\r\n`;
    expect((await send(`${changeset(11)}${changeset(10)}--b--`)).status).toBe(400);
    expect((await send(`${changeset(21)}--b--`)).status).toBe(400);
    expect((await send(`${changeset(10)}${changeset(10)}--b--`)).status).toBe(200);
  });

  test('when a changeset holds another one, or does not end', async () => {
    const inner = `--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\n\r\n${get}\r\n\r\n--d--\r\n--c--\r\n`;
    const outer = (text: string) => `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${text}--b--`;
    expect((await send(outer(inner))).status).toBe(400);
    expect((await send(outer(`--c\r\n\r\n${get}\r\n\r\n`))).status).toBe(400);
    const own = `--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${get}\r\n\r\n--b--\r\n--b--`;
    expect((await send(own)).status).toBe(400);
  });

  test('when it is larger than a body may be', async () => {
    const reply = await send(batchOf(`GET products?$filter=name eq '${'x'.repeat(1_100_000)}'`));
    expect(reply.status).toBe(413);
  });

  test('when its answer is wanted in another form', async () => {
    const reply = await send(batchOf(get), { headers: { accept: 'text/html' } });
    expect(reply.status).toBe(406);
  });
});

describe('hostile batches', () => {
  const get = 'GET products(1)?$select=id HTTP/1.1';
  test.each<readonly [what: string, body: string]>([
    ['half a million boundaries', '--b\r\n'.repeat(200_000)],
    ['boundaries that are none', `--b\r\n\r\n${get}\r\n\r\n${'--bx'.repeat(250_000)}`],
    ['blank lines', `--b\r\n${'\r\n'.repeat(500_000)}`],
    ['lines of blanks', `--b\r\n${' \t'.repeat(500_000)}x\r\n--b--`],
    ['one long header', `--b\r\n\r\n${get}\r\nA: ${' '.repeat(1_000_000)}x\r\n\r\n--b--`],
    [
      'one long boundary',
      `--b\r\nContent-Type: multipart/mixed${'; boundary="'.repeat(80_000)}\r\n\r\n--b--`,
    ],
    ['a request line of blanks', `--b\r\n\r\nGET ${' '.repeat(1_000_000)}x y\r\n\r\n--b--`],
    [
      'many headers',
      `--b\r\n\r\n${get}\r\n${Array.from({ length: 80_000 }, (_, i) => `a${i}: x`).join('\r\n')}\r\n\r\n--b--`,
    ],
  ])('%s are answered at once', async (_, body) => {
    const reply = await send(body, { contentType: 'multipart/mixed; boundary=b' });
    expect([200, 400]).toContain(reply.status);
  });
});

test('a batch that is mangled is refused or answered, and never breaks anything', async () => {
  const get =
    'Content-Type: application/http\r\nContent-ID: 1\r\n\r\nGET $1/name?$select=id HTTP/1.1\r\nA: b\r\n\r\n\r\n';
  const whole = `x\r\n--b\r\n${get}--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n${get}--c--\r\n--b--\r\ny`;
  const pieces = [
    '',
    '\r\n',
    '\n',
    '\r',
    ' ',
    ':',
    '--b',
    '--c',
    '--b--',
    '--',
    '$1',
    '/',
    '%',
    '?',
    '\0',
    'é',
    'GET /',
    'HTTP/1.1',
  ];
  let seed = 7;
  const random = (limit: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  for (let round = 0; round < 400; round++) {
    let body = whole;
    for (let change = random(4); change >= 0; change--) {
      const at = random(body.length);
      body = body.slice(0, at) + pieces[random(pieces.length)]! + body.slice(at + random(6));
    }
    const reply = await send(body, {
      contentType: 'multipart/mixed; boundary=b',
      headers: { prefer: 'continue-on-error' },
    });
    expect([200, 400], JSON.stringify(body)).toContain(reply.status);
    if (reply.status === 200)
      for (const { status } of answersOf(reply)) expect(status, JSON.stringify(body)).not.toBe(500);
  }
});

describe('$batch itself', () => {
  test.each(['/odata/$batch', '/odata/$batch/', '/odata/%24batch'])(
    'HEAD %s, which asks for a token',
    async path => {
      const response = await server.fetch(path, {
        method: 'HEAD',
        key: server.adminKey,
        headers: { 'x-csrf-token': 'Fetch' },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('odata-version')).toBe('4.0');
    },
  );

  test('takes POST and nothing else', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const response = await server.fetch('/odata/$batch', { method, key: server.adminKey });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    }
  });

  test('needs a credential', async () => {
    const response = await server.fetch('/odata/$batch', { method: 'POST', body: '--b--' });
    expect(response.status).toBe(401);
    expect(response.headers.get('odata-version')).toBe('4.0');
  });
});

test('each request of a batch counts as one where requests are limited', async () => {
  const limited = await startServer({ demo: true, env: { RATE_LIMIT: '6', RATE_LIMIT_SECONDS: '3600' } });
  try {
    const body = batchOf(...Array<string>(15).fill('GET products(1)?$select=id'));
    const reply = await sendBatch(limited, { body, headers: { prefer: 'continue-on-error' } });
    const parts = answersOf(reply);
    expect(parts[0]!.status).toBe(200);
    expect(parts.at(-1)!.status).toBe(429);
    expect(parts.at(-1)!.body.error.code).toBe('TOO_MANY_REQUESTS');
    expect(parts.at(-1)!.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(parts.filter(({ status }) => status === 200).length).toBeLessThan(15);
    expect((await sendBatch(limited, { body })).status).toBe(429);
  } finally {
    await limited.close();
  }
});

test('a long answer flows, and is whole', async () => {
  const paths = Array.from({ length: 20 }, (_, skip) => `products?$top=300&$orderby=id&$skip=${skip}`);
  const alone = await server.fetch(`/odata/${paths[19]}`, { key: server.adminKey });
  const expected = await alone.text();
  const reply = await send(batchOf(...paths.map(path => `GET ${path}`)));
  expect(reply.headers.get('content-length')).toBeNull();
  expect(reply.text.length).toBeGreaterThan(2_000_000);
  const parts = answersOf(reply);
  expect(statuses(parts)).toEqual(Array(20).fill(200));
  expect(parts[19]!.text).toBe(expected);
  const requests = paths.map((url, id) => ({ id: `${id}`, method: 'get', url }));
  const json = await server.fetch('/odata/$batch', { key: server.adminKey, json: { requests } });
  expect((await json.json()).responses[19].body).toEqual(JSON.parse(expected));
  const left = await server.fetch('/odata/$batch', { key: server.adminKey, json: { requests } });
  await left.body!.cancel();
  expect(statuses(await answers(batchOf('GET products(1)?$select=id')))).toEqual([200]);
});

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, type TestServer } from '../harness.ts';

let other: string;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  other = await server.createKey('read', 'write');
});

let keys = 0;
const freshKey = (): string => `key-${++keys}`;

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
  readonly retryAfter: string | null;
}

async function send(
  path: string,
  key: string | undefined,
  init: Parameters<TestServer['fetch']>[1],
): Promise<Sent> {
  const headers = new Headers(init?.headers);
  if (key !== undefined) headers.set('idempotency-key', key);
  const response = await server.fetch(path, { key: server.adminKey, ...init, headers });
  return {
    status: response.status,
    text: await response.text(),
    replayed: response.headers.get('idempotent-replayed') === 'true',
    retryAfter: response.headers.get('retry-after'),
  };
}

const mutation = (key: string | undefined, query: string, more: { key?: string; variables?: object } = {}) =>
  send('/graphql', key, {
    json: { query: `mutation { ${query} }`, variables: more.variables },
    ...(more.key && { key: more.key }),
  });

const restock = 'updateProduct(id: 1, data: { stock: 41 }) { stock version }';
const add = (sku: string) => `createProduct(data: { sku: "${sku}", name: "x", price: 1 }) { id sku }`;

const count = async (sku: string): Promise<number> => {
  const json = { query: `{ productsCount(where: { sku: { startsWith: "${sku}" } }) }` };
  const response = await server.fetch('/graphql', { key: server.adminKey, json });
  return (await response.json()).data.productsCount;
};

describe.each([
  ['a mutation', (key: string, name: string) => mutation(key, add(name))],
  [
    'an import',
    (key: string, name: string) => {
      const body = new FormData();
      body.set('entity', 'products');
      body.set('file', new File([`sku,name,price\n${name},x,1\n`], 'products.csv'));
      return send('/api/import', key, { method: 'POST', body });
    },
  ],
])('%s sent twice under one key', (_kind, write) => {
  test('is done once, and answered alike', async () => {
    const [key, name] = [freshKey(), `I-${keys}`];
    const first = await write(key, name);
    const second = await write(key, name);
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(second).toEqual({ ...first, replayed: true });
    expect(await count(name)).toBe(1);
  });

  test('at the same time is done once', async () => {
    const [key, name] = [freshKey(), `I-${keys}`];
    const answers = await Promise.all(Array.from({ length: 4 }, () => write(key, name)));
    const done = answers.filter(({ status }) => status === 200);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { status, retryAfter } of answers)
      if (status !== 200) expect([status, retryAfter]).toEqual([409, '5']);
    expect(answers.filter(({ status, replayed }) => status === 200 && !replayed)).toHaveLength(1);
    expect(await count(name)).toBe(1);
  });

  test('with another content is refused', async () => {
    const key = freshKey();
    await write(key, `I-${keys}`);
    const answer = await write(key, `J-${keys}`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('IDEMPOTENCY_KEY_REUSED');
    expect(await count(`J-${keys}`)).toBe(0);
  });

  test('is done anew when the key is old', async () => {
    const [key, name] = [freshKey(), `I-${keys}`];
    await write(key, name);
    await server.database.query(
      `UPDATE portolan.idempotent_answer SET "createdAt" = now() - interval '25 hours'`,
    );
    expect((await write(key, name)).replayed).toBe(false);
  });

  test('refuses a key that is none', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256)]) expect((await write(key, 'I-none')).status).toBe(400);
    expect(await count('I-none')).toBe(0);
  });
});

describe('a key', () => {
  test('is worth nothing to others', async () => {
    const key = freshKey();
    const first = await mutation(key, restock);
    const second = await mutation(key, restock, { key: other });
    expect(second.replayed).toBe(false);
    expect(second.text).not.toBe(first.text);
  });

  test('is the same with quotes around it', async () => {
    const key = freshKey();
    const first = await mutation(key, restock);
    expect(await mutation(`"${key}"`, restock)).toEqual({ ...first, replayed: true });
  });

  test('is not used up by what was refused: nothing was done', async () => {
    const [key, name] = [freshKey(), `I-${keys}`];
    await mutation(undefined, add(name));
    const refused = await mutation(key, add(name));
    expect(refused.text).toContain('NOT_UNIQUE');
    await mutation(undefined, `deleteProduct(sku: "${name}") { id }`);
    const done = await mutation(key, add(name));
    expect(done.text).not.toContain('errors');
    expect(await mutation(key, add(name))).toEqual({ ...done, replayed: true });
  });

  test('keeps the answer of mutations that are independent, failed ones included', async () => {
    const [key, name] = [freshKey(), `I-${keys}`];
    const query = { query: `mutation @independent { a: ${add(name)} b: ${add(name)} }` };
    const first = await send('/graphql', key, { json: query });
    expect(JSON.parse(first.text)).toMatchObject({
      data: { a: { sku: name }, b: null },
      errors: [{ path: ['b'] }],
    });
    expect(await send('/graphql', key, { json: query })).toEqual({ ...first, replayed: true });
    expect(await count(name)).toBe(1);
  });

  test('does not open what its owner may no longer do', async () => {
    const key = freshKey();
    const scoped = await server.createKey('read', 'write', 'products.cost:read');
    const query = 'updateProduct(id: 1, data: { stock: 3 }) { cost }';
    expect((await mutation(key, query, { key: scoped })).text).toContain('"cost"');
    await server.database.query(
      `UPDATE portolan.api_key SET "scopes" = '{read,write}' WHERE "id" = (SELECT "id" FROM portolan.api_key ORDER BY "createdAt" DESC LIMIT 1)`,
    );
    const until = Date.now() + 20_000;
    for (;;) {
      const { text } = await mutation(key, query, { key: scoped });
      if (text.includes('SCOPE_MISSING')) break;
      expect(Date.now()).toBeLessThan(until);
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  });

  test('matters to writes alone', async () => {
    const key = freshKey();
    const json = { query: '{ product(id: 1) { stock } }' };
    const first = await send('/graphql', key, { json });
    await mutation(undefined, 'updateProduct(id: 1, data: { stock: 99 }) { id }');
    expect((await send('/graphql', key, { json })).text).not.toBe(first.text);
  });
});

test('a crash between leaves both or nothing', async () => {
  const key = freshKey();
  const { transaction } = server.database;
  // The connection is lost when everything is done but the commit.
  server.database.transaction = (work, options) =>
    transaction.call(
      server.database,
      async session => {
        await work(session as never);
        throw new Error('lost');
      },
      options,
    ) as never;
  try {
    expect((await mutation(key, add('I-crash'))).status).toBe(500);
  } finally {
    server.database.transaction = transaction;
  }
  expect(await count('I-crash')).toBe(0);
  expect(await mutation(key, add('I-crash'))).toMatchObject({ status: 200, replayed: false });
  expect(await mutation(key, add('I-crash'))).toMatchObject({ status: 200, replayed: true });
  expect(await count('I-crash')).toBe(1);
});

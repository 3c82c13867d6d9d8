import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

let reader: string;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  reader = await server.createKey('read');
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: unknown;
  readonly errors?: {
    message: string;
    locations?: unknown;
    path?: unknown;
    extensions: Record<string, unknown>;
  }[];
}

async function ask(
  query: string,
  variables?: object,
  { key = reader, accept = 'application/graphql-response+json' } = {},
): Promise<Answer> {
  const response = await server.fetch('/graphql', { key, json: { query, variables }, headers: { accept } });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}

/** @returns what matters of the first error */
async function refusal(...question: Parameters<typeof ask>) {
  const { errors, data, status } = await ask(...question);
  expect(data, 'data').toBeUndefined();
  const { message, locations, extensions } = errors![0]!;
  const { code, hint, scope, requestId } = extensions;
  expect(requestId).toMatch(/\S/);
  return { status, message, locations, code, hint, scope };
}

describe('what is unknown', () => {
  test('is named with its place and the nearest known name', async () => {
    expect(await refusal('{\n  products { nmae }\n}')).toEqual({
      status: 400,
      message: 'Cannot query field "nmae" on type "Product".',
      locations: [{ line: 2, column: 14 }],
      code: 'UNKNOWN_FIELD',
      hint: 'Did you mean "name"?',
    });
  });

  test.each([
    ['{ prodcts { id } }', 'UNKNOWN_ENTITY', 'Did you mean "products"?'],
    ['{ products(wher: {}) { id } }', 'UNKNOWN_ARGUMENT', 'Did you mean "where"?'],
    ['{ products(where: { nam: {} }) { id } }', 'UNKNOWN_FIELD', 'Did you mean "name"?'],
    ['{ products(where: { name: { contain: "" } }) { id } }', 'UNKNOWN_FIELD', 'Did you mean "contains"?'],
    ['{ products(where: { category: { nam: {} } }) { id } }', 'UNKNOWN_FIELD', 'Did you mean "name"?'],
    ['{ products(orderBy: [{ nam: asc }]) { id } }', 'UNKNOWN_FIELD', 'Did you mean "name"?'],
    ['{ products(orderBy: [{ name: ascc }]) { id } }', 'INVALID_VALUE', 'Did you mean "asc"?'],
    ['{ orders(where: { status: { equals: PAYD } }) { id } }', 'INVALID_VALUE', 'Did you mean "PAID"?'],
    ['{ products { ...F } } fragment F on Prodct { id }', 'INVALID_OPERATION', 'Did you mean "Product"?'],
    ['{ products { ...Fro } } fragment From on Product { id }', 'INVALID_OPERATION', 'Did you mean "From"?'],
  ])('gets a hint: %s', async (query, code, hint) => {
    expect(await refusal(query)).toMatchObject({ status: 400, code, hint });
  });

  test('gets a hint inside variables too', async () => {
    const query = 'query($w: ProductWhere) { products(where: $w) { id } }';
    expect(await refusal(query, { w: { nam: {} } })).toMatchObject({
      status: 400,
      code: 'UNKNOWN_FIELD',
      hint: 'Did you mean "name"?',
      locations: [{ line: 1, column: 7 }],
    });
  });
});

describe('wrong values', () => {
  test.each([
    [
      '{ product(id: 2147483648) { id } }',
      'Int cannot represent non 32-bit signed integer value: 2147483648',
    ],
    [
      '{ products(where: { price: { gt: "ten" } }) { id } }',
      'Decimal cannot represent "ten": write 19.99 or "19.99".',
    ],
    [
      '{ products(where: { createdAt: { gt: "2026-02-30T00:00:00Z" } }) { id } }',
      'DateTime cannot represent "2026-02-30T00:00:00Z": write a string such as "2026-01-31T12:00:00Z".',
    ],
    ['{ products(where: { name: { in: [null] } }) { id } }', 'Expected value of type "String!", found null.'],
    [
      '{ stockLevels(where: { movements: { gt: 9223372036854775808 } }) { quantity } }',
      'BigInt cannot represent 9223372036854775808: write 42 or "42", of at most 64 bits.',
    ],
    ['{ products(where: { id: { equals: "1" } }) { id } }', 'Int cannot represent non-integer value: "1"'],
  ])('are refused: %s', async (query, message) => {
    expect(await refusal(query)).toMatchObject({
      status: 400,
      code: 'INVALID_VALUE',
      message,
      locations: [expect.anything()],
    });
  });

  test.each([
    ['Int', 2147483648, 'id'],
    ['Int', 1.5, 'id'],
    ['Decimal', 'ten', 'price'],
    ['Decimal', {}, 'price'],
    ['DateTime', 'yesterday', 'createdAt'],
    ['String', 5, 'name'],
    ['Boolean', 'yes', 'active'],
  ])('are refused in variables: %s %j', async (type, value, field) => {
    const query = `query($v: ${type}) { products(where: { ${field}: { equals: $v } }) { id } }`;
    expect(await refusal(query, { v: value })).toMatchObject({ status: 400, code: 'INVALID_VALUE' });
  });

  test('of sort keys with several fields say how to write them', async () => {
    const query = '{ products(orderBy: { name: asc, price: desc }) { id } }';
    expect(await refusal(query)).toMatchObject({
      code: 'INVALID_VALUE',
      hint: expect.stringContaining('[{ … }, { … }]'),
    });
  });

  test('of missing required variables say so', async () => {
    const query = 'query($d: SortOrder) { products(orderBy: { name: $d }) { id } }';
    const told = {
      code: 'INVALID_VALUE',
      hint: expect.stringContaining('missing'),
      locations: [{ line: 1, column: 42 }],
    };
    expect(await refusal(query)).toMatchObject(told);
  });

  test('of arguments are pointed at', async () => {
    expect(await refusal('{ products(take: -1) { id } }')).toMatchObject({
      code: 'INVALID_VALUE',
      locations: [{ line: 1 }],
    });
    expect(await refusal('{ products(where: { name: { gt: null } }) { id } }')).toMatchObject({
      code: 'INVALID_VALUE',
      locations: [{ line: 1, column: 33 }],
    });
  });
});

describe('permission', () => {
  test.each([
    ['selected', '{ products { cost } }'],
    ['filtered by', '{ products(where: { cost: { gt: 1 } }) { id } }'],
    [
      'filtered by, far away',
      '{ orders(where: { items: { some: { product: { cost: { gt: 1 } } } } }) { id } }',
    ],
    ['counted by', '{ productsCount(where: { cost: { gt: 1 } }) }'],
    ['sorted by', '{ products(orderBy: [{ cost: asc }]) { id } }'],
    ['computed from', '{ products { margin } }'],
    ['reached', '{ orders { items { product { cost } } } }'],
  ])('is needed for a restricted field to be %s', async (_, query) => {
    expect(await refusal(query)).toMatchObject({
      status: 403,
      code: 'SCOPE_MISSING',
      scope: 'products.cost:read',
    });
  });

  test('has status 200 for clients that accept plain JSON, with the error in the body', async () => {
    const query = '{ products { cost } }';
    expect(await refusal(query, {}, { accept: 'application/json' })).toMatchObject({
      status: 200,
      code: 'SCOPE_MISSING',
    });
  });

  test('is needed for the natural way to one record as well', async () => {
    expect(await refusal('{ customer(email: "a@b.c") { id } }')).toMatchObject({
      scope: 'customers.contact:read',
    });
  });

  test('is needed for each set', async () => {
    const key = await server.createKey('products:read');
    expect((await ask('{ products(take: 1) { id } }', {}, { key })).errors).toBeUndefined();
    expect(await refusal('{ orders { id } }', {}, { key })).toMatchObject({ scope: 'orders:read' });
    expect(await refusal('{ products { category { id } } }', {}, { key })).toMatchObject({
      scope: 'categories:read',
    });
  });

  test('is not taken for granted because the same text was answered for another', async () => {
    const query = '{ products(take: 1) { cost } }';
    const allowed = await server.createKey('read', 'products.cost:read');
    expect((await ask(query, {}, { key: allowed })).errors).toBeUndefined();
    expect(await refusal(query)).toMatchObject({ code: 'SCOPE_MISSING' });
    expect((await ask(query, {}, { key: allowed })).errors).toBeUndefined();
  });

  test.each([
    '{ products { costt } }',
    '{ products(where: { costt: {} }) { id } }',
    '{ customer(emai: "") { id } }',
  ])('bounds what hints name: %s', async query => {
    const { hint, message } = await refusal(query);
    expect(`${hint} ${message.replace(/"(costt|emai)"/, '')}`).not.toMatch(/cost|email/);
  });

  test('refuses a request as a whole, whatever else is asked in it', async () => {
    expect(await refusal('{ me { id } products { cost } }')).toMatchObject({
      status: 403,
      code: 'SCOPE_MISSING',
    });
  });
});

describe('requests', () => {
  test('without a credential get a hint on how to send one', async () => {
    const response = await server.fetch('/graphql', { json: { query: '{ __typename }' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeTruthy();
    expect(await response.json()).toEqual({
      errors: [
        { message: expect.any(String), extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) },
      ],
    });
  });

  test('with invalid JSON get the position of the error', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query": "{ a }",\n "variables": }',
    };
    const response = await server.fetch('/graphql', { key: reader, ...init });
    expect(response.status).toBe(400);
    expect((await response.json()).errors[0]).toMatchObject({
      locations: [{ line: 2, column: 15 }],
      extensions: { code: 'INVALID_JSON' },
    });
  });

  test('of another content type are refused', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/graphql',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await server.fetch('/graphql', {
        key: reader,
        method: 'POST',
        headers: { 'content-type': type },
        body: 'query={__typename}',
      });
      expect(response.status, type).toBe(415);
      expect((await response.json()).errors[0].extensions.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    }
  });

  test('for another type of answer are refused', async () => {
    const response = await server.fetch('/graphql', {
      key: reader,
      json: { query: '{ __typename }' },
      headers: { accept: 'image/png' },
    });
    expect(response.status).toBe(406);
  });

  test('in batches are refused', async () => {
    const response = await server.fetch('/graphql', { key: reader, json: [{ query: '{ __typename }' }] });
    expect(response.status).toBe(400);
  });

  test('by GET are answered, but cannot write', async () => {
    const get = (query: string) =>
      server.fetch(`/graphql?query=${encodeURIComponent(query)}`, { key: reader });
    expect(await (await get('{ products(take: 1) { id } }')).json()).toEqual({
      data: { products: [{ id: 1 }] },
    });
    expect((await get('mutation { x }')).status).toBe(405);
  });

  test('name their operation where there are several', async () => {
    const query = 'query A { a: product(id: 1) { id } } query B { b: product(id: 2) { id } }';
    const post = async (operationName?: string) =>
      (await server.fetch('/graphql', { key: reader, json: { query, operationName } })).json();
    expect(await post('A')).toEqual({ data: { a: { id: 1 } } });
    expect(await post('B')).toEqual({ data: { b: { id: 2 } } });
    expect((await post()).errors[0].extensions.code).toBe('INVALID_OPERATION');
    expect((await post('C')).errors[0].extensions.code).toBe('INVALID_OPERATION');
  });
});

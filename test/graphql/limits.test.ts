import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

let key: string;
const server = serverForFile({ demo: true, env: { DEPTH_MAX: '4', NODES_MAX: '500', LIST_ITEMS_MAX: '50' } });
beforeAll(async () => {
  key = await server.createKey('read');
});

async function ask(query: string, variables?: object) {
  const response = await server.fetch('/graphql', {
    key,
    json: { query, variables },
    headers: { accept: 'application/graphql-response+json' },
  });
  return { status: response.status, ...(await response.json()) };
}

const chain = (levels: number): string => (levels === 0 ? 'id' : `parent { ${chain(levels - 1)} }`);

describe('a query', () => {
  test('within the limits is answered', async () => {
    expect(await ask(`{ categories(take: 1) { ${chain(3)} } }`)).toEqual({
      status: 200,
      data: expect.anything(),
    });
    expect((await ask(`{ categories(where: { id: { in: [${Array(50).fill(1)}] } }) { id } }`)).status).toBe(
      200,
    );
  });

  const fields = (count: number) => Array.from({ length: count }, (_, i) => `f${i}: id`).join(' ');
  test.each([
    ['nested too deeply', `{ categories(take: 1) { ${chain(4)} } }`],
    ['with too many fields', `{ categories { ${'name '.repeat(501)} } }`],
    ['with too many aliases', `{ categories { ${fields(201)} } }`],
    [
      'with too many root fields',
      `{ ${Array.from({ length: 51 }, (_, i) => `c${i}: categoriesCount`).join(' ')} }`,
    ],
    ['with too many directives', `{ categories { ${'id @skip(if: false) '.repeat(101)} } }`],
    ['with too many words', `{ categories(where: { id: { in: [${'1 '.repeat(20_000)}] } }) { id } }`],
    [
      'with brackets nested too deeply',
      `{ categories(where: ${'{ NOT: '.repeat(500)}{}${' }'.repeat(500)}) { id } }`,
    ],
    ['with brackets that the parser would not survive', `{ a(b: ${'['.repeat(100_000)}`],
    ['with a list that is too long', `{ categories(where: { id: { in: [${Array(51).fill(1)}] } }) { id } }`],
    ['for too many rows', '{ categories(take: 10001) { id } }'],
    ['for too many rows of rows', '{ products(take: 10000) { orderItems(take: 10000) { id } } }'],
  ])('%s is refused', async (_, query) => {
    const { status, errors, data } = await ask(query);
    expect(errors[0]).toMatchObject({
      extensions: { code: 'LIMIT_EXCEEDED' },
      locations: [expect.anything()],
    });
    expect({ status, data }).toEqual({ status: 400, data: undefined });
  });

  test('of fragments that multiply is refused without being unfolded', async () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Category { ...F${i + 1} ...F${i + 1} }`,
    );
    const { errors } = await ask(
      `{ categories { ...F0 } } ${fragments.join(' ')} fragment F60 on Category { id }`,
    );
    expect(errors[0].extensions.code).toBe('LIMIT_EXCEEDED');
  });

  test('of fragments that go round in circles is refused', async () => {
    const { errors } = await ask(
      '{ categories { ...A } } fragment A on Category { ...B } fragment B on Category { id ...A }',
    );
    expect(errors[0]).toMatchObject({ extensions: { code: 'INVALID_OPERATION' } });
  });

  test('with variables nested without end is refused', async () => {
    const depth = 50_000;
    const body = `{"query": "query($w: CategoryWhere) { categories(where: $w) { id } }", "variables": {"w": ${'{"NOT":'.repeat(depth)}{}${'}'.repeat(depth)}}}`;
    const response = await server.fetch('/graphql', {
      key,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect((await response.json()).errors[0].extensions.code).toBe('LIMIT_EXCEEDED');
  });

  test('that goes round in the introspection of types is refused', async () => {
    const round = (levels: number): string =>
      levels === 0 ? 'name' : `fields { type { ${round(levels - 1)} } }`;
    const { errors } = await ask(`{ __schema { types { ${round(5)} } } }`);
    expect(errors[0].extensions.code).toBe('INVALID_OPERATION');
  });

  test('with a body that is too large is refused', async () => {
    const response = await server.fetch('/graphql', {
      key,
      json: { query: `{ __typename } #${'x'.repeat(2_000_000)}` },
    });
    expect(response.status).toBe(413);
    expect((await response.json()).errors[0].extensions.code).toBe('TOO_LARGE');
  });
});

// One table of permissions for every kind of credential, through every door.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, openOauthWorld } from '../oauth/oauth-world.ts';
import { ApiClient } from './api-client.ts';
import { restricted } from './restricted.ts';

type Headers = Readonly<Record<string, string>>;
type World = Awaited<ReturnType<typeof openOauthWorld>>;

let world: World;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());

let people = 0;
const basic = (key: string): string => `Basic ${Buffer.from(`anybody:${key}`).toString('base64')}`;

/** Each makes a credential of somebody new who may do exactly this. */
const kinds: Readonly<Record<string, (owner: string, scopes: readonly string[]) => Promise<Headers>>> = {
  'an API key': async (email, scopes) => ({ 'x-api-key': await keyOf(email, scopes) }),
  'HTTP Basic': async (email, scopes) => ({ authorization: basic(await keyOf(email, scopes)) }),
  'a session': async email => ({
    cookie: await world.signIn(email),
    'sec-fetch-site': 'same-origin',
  }),
  'a token by code': async (email, scopes) => {
    const app = await world.createApp({ scopes: world.catalog.scopes });
    const browser = await new Browser(world).signIn(email);
    const { access_token } = await world.obtain(app, { scope: scopes.join(' ') }, {}, { browser });
    return { authorization: `Bearer ${access_token}` };
  },
  'a token by client credentials': async (email, scopes) => {
    const app = await world.createApp({ scopes: world.catalog.scopes, owner: email });
    const response = await world.token({
      ...{ grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret },
      scope: scopes.join(' '),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    return { authorization: `Bearer ${access_token}` };
  },
};

async function keyOf(email: string, scopes: readonly string[]): Promise<string> {
  return (await world.auth.keys.create({ email, name: 'Test', scopes })).key;
}

async function somebody(scopes: readonly string[]): Promise<string> {
  const email = `credential-${++people}@example.com`;
  await world.prisma.user.create({ data: { email, role: null, scopes: [...scopes] } });
  return email;
}

async function doorsOf(kind: string, ...scopes: string[]): Promise<ApiClient> {
  return new ApiClient(world.server, await kinds[kind]!(await somebody(scopes), scopes));
}

/** The codes of refusals, of which every door has its own form. */
async function refusals(doors: ApiClient, selection: string): Promise<string[]> {
  const [roots, fragment = ''] = selection.split(' fragment ');
  const graphql = `{ ${roots} } ${fragment && `fragment ${fragment}`}`;
  const [short, long, byField] = await Promise.all([
    doors.answer('/api/query', { query: selection }),
    doors.answer('/graphql', { query: graphql }),
    doors.answer('/graphql', { query: graphql.replace('{', '{ __schema { queryType { name } } ') }),
  ]);
  const first = (text: string) => JSON.parse(text).errors?.[0]?.extensions.code ?? text;
  return [JSON.parse(short.text).error?.code ?? short.text, first(long.text), first(byField.text)];
}

describe.each(Object.keys(kinds))('%s', kind => {
  describe.each(Object.entries(restricted))('without its scope, %s', (_, { selections, odata, scope }) => {
    let doors: ApiClient;
    beforeAll(async () => {
      doors = await doorsOf(kind, 'read');
    });

    test('is refused in GraphQL and the Query API, however it is referred to', async () => {
      for (const selection of selections)
        expect([selection, ...(await refusals(doors, selection))]).toEqual([
          selection,
          ...Array(3).fill('SCOPE_MISSING'),
        ]);
    });

    test('is refused in OData, however it is referred to', async () => {
      for (const url of odata) {
        const { status, text } = await doors.answer(`/odata/${encodeURI(url)}`);
        expect([url, url.includes('(email=') ? [400] : [403, 404]]).toEqual([
          url,
          expect.arrayContaining([status]),
        ]);
        expect(text).not.toContain('"value":[');
      }
    });

    test('is read with it', async () => {
      const permitted = await doorsOf(kind, 'read', scope);
      const [selection = ''] = selections;
      expect((await permitted.answer('/api/query', { query: selection })).status).toBe(200);
      expect((await permitted.answer('/graphql', { query: `{ ${selection} }` })).text).not.toContain(
        'errors',
      );
      expect((await permitted.answer(`/odata/${encodeURI(odata[0]!)}`)).status).toBe(200);
    });
  });

  test('reads, and does not write', async () => {
    const doors = await doorsOf(kind, 'read');
    expect((await doors.answer('/api/query', { query: 'products(take: 1) { id }' })).status).toBe(200);
    expect((await doors.answer('/odata/products?$top=1')).status).toBe(200);
    const mutation = 'mutation { createSupplier(data: { code: "N", name: "N", country: "DE" }) { id } }';
    expect((await doors.answer('/graphql', { query: mutation })).text).toContain('SCOPE_MISSING');
    expect((await doors.answer('/odata/suppliers', { code: 'N', name: 'N', country: 'DE' })).status).toBe(
      403,
    );
    expect((await doors.answer('/api/import?entity=suppliers')).status).toBe(405);
    expect((await upload(doors, 'read')).status).toBe(403);
  });

  test('for one set covers that set alone', async () => {
    const doors = await doorsOf(kind, 'products:read');
    expect((await doors.answer('/odata/products?$top=1')).status).toBe(200);
    expect([403, 404]).toContain((await doors.answer('/odata/customers?$top=1')).status);
    expect(await refusals(doors, 'customers { id }')).toEqual(Array(3).fill('SCOPE_MISSING'));
    expect(await refusals(doors, 'products { category { id } }')).toEqual(Array(3).fill('SCOPE_MISSING'));
  });

  test('writes where it may', async () => {
    const doors = await doorsOf(kind, 'read', 'write');
    const code = `W${++people}`;
    const query = `mutation { createSupplier(data: { code: "${code}", name: "W", country: "DE" }) { code } }`;
    expect((await doors.answer('/graphql', { query })).text).toContain(`"${code}"`);
    expect(
      (await doors.answer('/odata/suppliers', { code: `${code}o`, name: 'W', country: 'DE' })).status,
    ).toBe(201);
    expect((await upload(doors, `${code}i`)).status).toBe(200);
  });

  test('can do no more than its owner still can', async () => {
    const email = await somebody(['read', 'write', 'products.cost:read']);
    const headers = await kinds[kind]!(email, ['read', 'products.cost:read']);
    const doors = new ApiClient(world.server, headers);
    expect((await doors.answer('/odata/products?$top=1&$select=cost')).status).toBe(200);
    await world.prisma.user.update({ where: { email }, data: { scopes: ['products:read'] } });
    const status = async (url: string) => (await doors.answer(url)).status;
    await expect.poll(() => status('/odata/products?$top=1&$select=cost')).not.toBe(200);
    expect(await status('/odata/products?$top=1')).toBe(200);
    expect([403, 404]).toContain(await status('/odata/customers?$top=1'));
    await world.prisma.user.update({ where: { email }, data: { disabledAt: new Date() } });
    await expect.poll(() => status('/odata/products?$top=1')).toBe(401);
  });

  test('of no scope is managed nothing with, save by who is signed in', async () => {
    const doors = await doorsOf(kind, 'read', 'write');
    const statuses = await Promise.all(
      ['/api/apps', '/api/grants', '/api/keys', '/api/users'].map(
        async path => (await doors.answer(path)).status,
      ),
    );
    if (kind === 'a session') expect(statuses.slice(0, 2)).toEqual([200, 200]);
    else expect(statuses.slice(0, 2)).toEqual([403, 403]);
    expect(statuses[3]).toBe(403);
  });
});

const upload = (doors: ApiClient, code: string) =>
  doors.answer(`/api/import?entity=suppliers`, `code,name,country\n${code},Imported,DE\n`, 'text/csv');

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, type TestRequest } from '../harness.ts';

let editor: string;
let other: string;
let administrator: string;
let reader: string;
let productWriter: string;
const server = serverForFile();
beforeAll(async () => {
  [editor, other, administrator] = [
    await server.signIn('editor@example.com', { role: 'editor' }),
    await server.signIn('other@example.com', { role: 'editor' }),
    await server.signIn(),
  ];
  [reader, productWriter] = [await server.createKey('read'), await server.createKey('products:write')];
});

const credentialOf = (who?: string): Record<string, string> => {
  if (who === undefined) return {};
  return who.startsWith('pk_') ? { 'x-api-key': who } : { cookie: who, 'sec-fetch-site': 'same-origin' };
};

/** @param who a cookie, a key, or nobody */
async function call(path: string, who?: string, { headers, ...init }: TestRequest = {}) {
  const response = await server.fetch(`/api/mappers${path}`, {
    ...init,
    headers: { ...credentialOf(who), ...(headers as Record<string, string>) },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

let count = 0;
const document = (more: object = {}) => ({
  mapper: 1,
  name: `Prices ${++count}`,
  entity: 'products',
  columns: [
    { field: 'sku', source: 'SKU' },
    { field: 'name', source: 'Name' },
    { field: 'price', source: 'Price', transforms: [{ op: 'number', decimal: ',' }] },
  ],
  ...more,
});

const save = async (more: object = {}, who = editor) => (await call('', who, { json: document(more) })).body;

describe('/api/mappers', () => {
  test('saves a mapper, and shows it by id and by name', async () => {
    const json = document({ name: 'Prices: a/b ä' });
    const { status, headers, body } = await call('', editor, { json });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/mappers/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      ...{
        name: json.name,
        entity: 'products',
        mode: 'upsert',
        version: '1',
        included: false,
        editable: true,
      },
      document: { ...json, onError: 'abort' },
    });
    for (const id of [body.id, encodeURIComponent(json.name)])
      expect((await call(`/${id}`, editor)).body).toEqual(body);
  });

  test('lists by name those that the caller may use, without their documents', async () => {
    const { id, name } = await save();
    const { status, body } = await call('', productWriter);
    expect(status).toBe(200);
    expect(body.mappers).toContainEqual(expect.objectContaining({ id, name, editable: false }));
    expect(body.mappers[0].document).toBe(undefined);
    const names = body.mappers.map((one: { name: string }) => one.name);
    expect(names).toEqual(names.toSorted((a: string, b: string) => a.localeCompare(b, 'en')));
    expect((await call('?entity=orders', editor)).body).toEqual({ mappers: [] });
  });

  test('lists the mappers of the project from the first start, to those who may use all of them', async () => {
    const included = async (who: string) =>
      (await call('', who)).body.mappers.filter((one: { included: boolean }) => one.included);
    expect(await included(editor)).toEqual([
      expect.objectContaining({
        id: 'shopify-products',
        name: 'Shopify products',
        editable: false,
        ownerId: null,
      }),
      expect.objectContaining({
        id: 'woocommerce-products',
        version: expect.stringMatching(/^[0-9a-f]{12}$/),
      }),
    ]);
    // They create categories.
    expect(await included(productWriter)).toEqual([]);
    const { body } = await call('/WooCommerce%20products', editor);
    expect(body).toMatchObject({ id: 'woocommerce-products', included: true });
    expect((await call('/woocommerce-products/versions', editor)).body.versions).toHaveLength(1);
  });

  test('saves each change as a new version', async () => {
    const first = await save();
    const json = document({ name: first.name, description: 'second' });
    const { status, body, headers } = await call(`/${first.id}`, editor, { method: 'PUT', json });
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toMatchObject({ id: first.id, version: '2', description: 'second' });
    const { versions } = (await call(`/${first.id}/versions`, editor)).body;
    expect(versions).toMatchObject([
      { version: '2', document: { description: 'second' } },
      { version: '1', document: { description: '' }, savedById: first.ownerId },
    ]);
  });

  test('replaces and deletes only the version that was read', async () => {
    const { id, name } = await save();
    const json = document({ name });
    const put = (tag: string) =>
      call(`/${id}`, editor, { method: 'PUT', json, headers: { 'if-match': tag } });
    expect((await put('"1"')).status).toBe(200);
    expect(await put('"1"')).toMatchObject({ status: 412, body: { error: { code: 'PRECONDITION_FAILED' } } });
    expect((await put('1')).status).toBe(400);
    const remove = (tag: string) =>
      call(`/${id}`, editor, { method: 'DELETE', headers: { 'if-match': tag } });
    expect((await remove('"1"')).status).toBe(412);
    expect((await remove('"2"')).status).toBe(204);
    expect((await call(`/${id}`, editor)).status).toBe(404);
  });

  test('of two changes of one version at the same time, one is refused', async () => {
    const { id, name } = await save();
    const json = document({ name });
    const put = () => call(`/${id}`, editor, { method: 'PUT', json, headers: { 'if-match': '"1"' } });
    const statuses = (await Promise.all([put(), put(), put()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412]);
  });

  test('exports the document as a file, which is imported as it is', async () => {
    const { id, name, document: saved } = await save({ name: 'Export & import' });
    const { headers, body } = await call(`/${id}/document`, editor);
    expect(headers.get('content-disposition')).toBe('attachment; filename="Export-import.json"');
    expect(body).toEqual(saved);
    expect((await call(`/${id}`, editor, { method: 'DELETE' })).status).toBe(204);
    expect(await call('', other, { json: body })).toMatchObject({
      status: 201,
      body: { name, document: saved },
    });
  });

  test('serves the JSON schema of documents', async () => {
    expect((await call('/schema', editor)).body).toMatchObject({ title: 'Portolan mapper', type: 'object' });
  });
});

describe('it refuses', () => {
  test('a document with errors, each with its path', async () => {
    const columns = [{ field: 'skuu', source: 'SKU', transforms: [{ op: 'trim', x: 1 }] }];
    expect(await call('', editor, { json: document({ columns }) })).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_VALUE', details: [{ path: 'columns[0].transforms[0].x' }] } },
    });
    expect(
      (await call('', editor, { json: document({ columns: [{ field: 'skuu', source: 'SKU' }] }) })).body
        .error,
    ).toMatchObject({
      details: [{ path: 'columns[0].field', hint: 'Did you mean "sku"?' }],
    });
  });

  test.each([
    ['no JSON', { method: 'POST', body: 'x', headers: { 'content-type': 'application/json' } }, 400],
    ['a list', { json: [] }, 400],
    ['another type', { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } }, 415],
    ['more than a megabyte', { json: { ...document(), description: 'x'.repeat(1_100_000) } }, 413],
    ['a name of a path', { json: { ...document(), name: 'Guess' } }, 409],
    ['the name of an included mapper', { json: { ...document(), name: 'Shopify products' } }, 409],
  ])('%s', async (_, init, status) => {
    expect((await call('', editor, init as TestRequest)).status).toBe(status);
  });

  test('a name that is taken', async () => {
    const { name } = await save();
    expect(await call('', other, { json: document({ name }) })).toMatchObject({
      status: 409,
      body: { error: { target: 'name' } },
    });
    const second = await save();
    expect((await call(`/${second.id}`, editor, { method: 'PUT', json: document({ name }) })).status).toBe(
      409,
    );
  });

  test('a caller without a credential', async () => {
    const { id } = await save();
    for (const [path, init] of [
      ['', {}],
      [`/${id}`, {}],
      ['/schema', {}],
      ['', { json: document() }],
    ] as const)
      expect((await call(path, undefined, init)).status).toBe(401);
  });

  test('a caller without the scope, who does not learn of the mapper', async () => {
    const { id } = await save();
    expect((await call('', reader)).body).toEqual({ mappers: [] });
    for (const path of [`/${id}`, `/${id}/versions`, `/${id}/document`])
      expect((await call(path, reader)).status).toBe(404);
    expect(await call('', reader, { json: document() })).toMatchObject({
      status: 403,
      body: { error: { target: 'products:write' } },
    });
    expect((await call(`/${id}`, reader, { method: 'DELETE' })).status).toBe(404);
  });

  test('what the caller may not write or find, and hides mappers that do', async () => {
    const cost = { columns: [...document().columns, { field: 'cost', source: 'Cost' }] };
    expect(await call('', editor, { json: document(cost) })).toMatchObject({
      status: 403,
      body: { error: { target: 'products.cost:write' } },
    });
    const supplier = { columns: [...document().columns, { field: 'supplier.code', source: 'Supplier' }] };
    expect(await call('', productWriter, { json: document(supplier) })).toMatchObject({
      status: 403,
      body: { error: { target: 'suppliers:read' } },
    });
    const { id } = await save(cost, administrator);
    expect((await call(`/${id}`, administrator)).status).toBe(200);
    expect((await call(`/${id}`, editor)).status).toBe(404);
  });

  test('changes of the mapper of another user, except by administrators', async () => {
    const { id, name } = await save();
    const json = document({ name });
    expect(await call(`/${id}`, other)).toMatchObject({ status: 200, body: { editable: false } });
    for (const init of [{ method: 'PUT', json }, { method: 'DELETE' }])
      expect(await call(`/${id}`, other, init)).toMatchObject({
        status: 403,
        body: { error: { code: 'SCOPE_MISSING' } },
      });
    expect((await call(`/${id}`, administrator, { method: 'PUT', json })).body).toMatchObject({
      version: '2',
    });
    expect((await call(`/${id}`, administrator, { method: 'DELETE' })).status).toBe(204);
  });

  test('changes of an included mapper', async () => {
    const json = document({ name: 'Shopify products' });
    expect((await call('/shopify-products', administrator, { method: 'PUT', json })).status).toBe(403);
    expect((await call('/shopify-products', administrator, { method: 'DELETE' })).status).toBe(403);
  });

  test.each([
    '/nothing',
    '/%00',
    '/%E0',
    '/00000000-0000-0000-0000-000000000000',
    '/shopify-products/x',
    '/x/y/z',
  ])('GET of %s', async path => {
    expect((await call(path, administrator)).status).toBe(404);
  });
});

test('mappers stay when their user is deleted, for administrators', async () => {
  const leaver = await server.signIn('leaver@example.com', { role: 'editor' });
  const { id } = await save({}, leaver);
  await server.prisma.user.delete({ where: { email: 'leaver@example.com' } });
  expect((await call(`/${id}`, administrator)).body).toMatchObject({ ownerId: null, editable: true });
});

test('what is done to mappers is in the audit log', async () => {
  const { id } = await save();
  await call(`/${id}`, editor, { method: 'DELETE' });
  const response = await server.fetch(`/api/audit?kind=mapper.*&subject=${id}`, { key: server.adminKey });
  const { events } = (await response.json()) as { events: { kind: string }[] };
  expect(events.map(({ kind }) => kind)).toEqual(['mapper.deleted', 'mapper.created']);
});

describe('in GraphQL', () => {
  const ask = async (who: string, query: string, variables: object = {}) => {
    const response = await server.fetch('/graphql', {
      json: { query, variables },
      headers: credentialOf(who),
    });
    return (await response.json()) as {
      data?: Record<string, { id: string; name: string; version: string }>;
      errors?: { message: string; extensions: { code: string } }[];
    };
  };

  test('mappers are saved, listed, changed and deleted by the same rules', async () => {
    const created = await ask(
      editor,
      'mutation ($document: Json!) { createMapper(document: $document) { id name version document } }',
      {
        document: document(),
      },
    );
    const { id, name, version } = created.data!.createMapper!;
    expect(version).toBe('1');
    const replace =
      'mutation ($id: String!, $document: Json!) { replaceMapper(id: $id, document: $document, ifVersion: "1") { version } }';
    const variables = { id, document: document({ name }) };
    expect((await ask(other, replace, variables)).errors?.[0]?.extensions.code).toBe('SCOPE_MISSING');
    expect((await ask(editor, replace, variables)).data).toEqual({ replaceMapper: { version: '2' } });
    expect((await ask(editor, replace, variables)).errors?.[0]?.extensions.code).toBe('PRECONDITION_FAILED');
    const read = '{ mappers(entity: "products") { id name } }';
    expect((await ask(productWriter, read)).data!.mappers).toContainEqual({ id, name });
    expect((await ask(reader, read)).data).toEqual({ mappers: [] });
    const one = 'query ($id: String!) { mapper(id: $id) { name editable versions { version } } }';
    expect((await ask(editor, one, { id: name })).data).toEqual({
      mapper: { name, editable: true, versions: [{ version: '2' }, { version: '1' }] },
    });
    expect((await ask(reader, one, { id })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const remove = 'mutation ($id: String!) { deleteMapper(id: $id) }';
    expect((await ask(other, remove, { id })).errors?.[0]?.extensions.code).toBe('SCOPE_MISSING');
    expect((await ask(editor, remove, { id })).data).toEqual({ deleteMapper: true });
  });

  test('errors of a document have their paths', async () => {
    const { errors } = await ask(
      editor,
      'mutation ($document: Json!) { createMapper(document: $document) { id } }',
      {
        document: document({ entity: 'product s' }),
      },
    );
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'INVALID_VALUE' },
      message: expect.stringMatching(/^entity: There is no set/),
    });
  });
});

import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ env: { PUBLIC_URL: 'https://shop.example' } });

const get = async (path: string, key: string | undefined = server.adminKey) => {
  const response = await server.fetch(path, { key });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('/api/connections', () => {
  test('lists a file of each kind for every set that may be read', async () => {
    const { connections } = JSON.parse(
      (await get('/api/connections', await server.createKey('products:read'))).text,
    );
    expect(connections).toEqual([
      {
        set: 'products',
        feed: 'https://shop.example/odata/products',
        excel: 'https://shop.example/api/connections/products.odc',
        powerQuery: 'https://shop.example/api/connections/products.pq',
      },
    ]);
  });

  test('gives a query for Power Query', async () => {
    const { status, headers, text } = await get('/api/connections/products.pq');
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe('attachment; filename="products.pq"');
    expect(text).toBe(`let
    Source = OData.Feed("https://shop.example/odata/", null, [Implementation = "2.0"]),
    Rows = Source{[Name = "products", Signature = "table"]}[Data]
in
    Rows
`);
  });

  test('gives a connection for Excel, which holds that query and no credential', async () => {
    const { headers, text } = await get('/api/connections/products.odc');
    expect(headers.get('content-type')).toBe('text/x-ms-odc; charset=utf-8');
    const [, data] = /<odc:PowerQueryMashupData>(.*)<\/odc:PowerQueryMashupData>/s.exec(text)!;
    const mashup = unescaped(data!);
    const [, formula] = /<Formula><!\[CDATA\[(.*)\]\]><\/Formula>/s.exec(mashup)!;
    expect(formula).toBe((await get('/api/connections/products.pq')).text);
    expect(text).not.toContain(server.adminKey);
    expect(text).toContain('Location=products;');
  });

  test('knows no other files, and none of a set that may not be read', async () => {
    const limited = await server.createKey('products:read');
    for (const name of [
      'customers.odc',
      'nothing.odc',
      'products.exe',
      'products',
      'constructor.odc',
      '../x.odc',
    ]) {
      expect([name, (await get(`/api/connections/${name}`, limited)).status]).toEqual([name, 404]);
    }
    expect((await get('/api/connections/product.odc')).text).toContain('Did you mean \\"products\\"?');
  });

  test('needs a credential', async () => {
    expect((await server.fetch('/api/connections/products.odc')).status).toBe(401);
    expect((await server.fetch('/api/connections')).status).toBe(401);
  });
});

const unescaped = (text: string): string =>
  text
    .replaceAll('&#10;', '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

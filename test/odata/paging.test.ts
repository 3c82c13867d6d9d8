import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;
const root = 'http://shop.example:81';

const server = serverForFile({
  demo: true,
  env: { PUBLIC_URL: root, TAKE_DEFAULT: '40', TAKE_MAX: '60', ROWS_MAX: '400' },
});
beforeAll(async () => {
  get = client(server);
});

/** @returns what a link to the next page of a request looks like */
const linkOf = (request: string): RegExp =>
  new RegExp(`^${`${root}/odata/${request}&$skiptoken=`.replaceAll(/[.?$*+()]/g, '\\$&')}[\\w-]{60,}$`);

/** Follows the links from page to page. */
async function pages(
  path: string,
  headers?: Record<string, string>,
): Promise<{ sizes: number[]; ids: unknown[] }> {
  const sizes: number[] = [];
  const ids: unknown[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const reply = await get(next, headers);
    expect(reply.status, reply.text).toBe(200);
    sizes.push(reply.body.value.length);
    ids.push(...pluck(reply, 'id'));
    const link: string | undefined = reply.body['@odata.nextLink'];
    next = link?.slice(`${root}/odata`.length);
  }
  return { sizes, ids };
}

test('a list is cut at the page size, and an absolute link leads on', async () => {
  const reply = await get('/products?$select=id&$orderby=name desc');
  expect(reply.body.value).toHaveLength(40);
  expect(reply.body['@odata.nextLink']).toMatch(linkOf('products?$select=id&$orderby=name%20desc'));
});

test('the links give every row once', async () => {
  const { ids } = await pages('/suppliers?$select=id&$orderby=country');
  const { rows } = await server.database.query('select count(*) from "Supplier"');
  expect(ids).toHaveLength(Number(rows[0]![0]));
  expect(new Set(ids).size).toBe(ids.length);
});

test('$top ends the list, however many pages it takes', async () => {
  expect((await pages('/products?$select=id&$top=100')).sizes).toEqual([40, 40, 20]);
  expect((await pages('/products?$select=id&$top=40')).sizes).toEqual([40]);
  expect((await pages('/products?$select=id&$top=0')).sizes).toEqual([0]);
  expect((await pages('/products?$select=id&$top=80')).sizes).toEqual([40, 40]);
});

test('$skip passes over rows once, whatever the pages', async () => {
  const { ids: all } = await pages('/products?$select=id&$orderby=price');
  const { ids, sizes } = await pages('/products?$select=id&$orderby=price&$skip=7&$top=100');
  expect(sizes).toEqual([40, 40, 20]);
  expect(ids).toEqual(all.slice(7, 107));
  const reply = await get('/products?$select=id&$top=100&$skip=7');
  expect(reply.body['@odata.nextLink']).toMatch(linkOf('products?$select=id'));
});

test('a list that fits the page has no link', async () => {
  const { rows } = await server.database.query('select id from "Product" order by id limit 40');
  const reply = await get(`/products?$select=id&$filter=id in (${rows.join(',')})`);
  expect(reply.body.value).toHaveLength(40);
  expect(reply.body).not.toHaveProperty('@odata.nextLink');
});

test('the client may prefer smaller pages', async () => {
  for (const prefer of [
    'odata.maxpagesize=3',
    'maxpagesize=3',
    'return=minimal, odata.maxpagesize="3"; x=y',
  ]) {
    const reply = await get('/products?$select=id', { prefer });
    expect(reply.body.value).toHaveLength(3);
    expect(reply.headers.get('preference-applied')).toBe('odata.maxpagesize=3');
    expect(reply.body['@odata.nextLink']).toMatch(linkOf('products?$select=id'));
  }
  expect((await pages('/products?$select=id&$top=8', { prefer: 'odata.maxpagesize=3' })).sizes).toEqual([
    3, 3, 2,
  ]);
  expect((await get('/products?$select=id', { prefer: 'odata.maxpagesize=1000' })).body.value).toHaveLength(
    60,
  );
});

test('pages shrink where related rows would make the answer too large', async () => {
  const reply = await get('/products?$select=id&$expand=orderItems($select=id)');
  expect(reply.status, reply.text).toBe(200);
  // The lists share a tenth of what an answer may have, and each is taken to have thirty rows.
  expect(reply.body.value).toHaveLength(1);
  const { rows } = await server.database.query('select count(*) from "Product"');
  const { ids } = await pages('/products?$select=id&$expand=orderItems($select=id;$top=1)');
  expect(new Set(ids).size).toBe(Number(rows[0]![0]));
});

test('the count stays that of all rows, and on the last page there is no link', async () => {
  const { rows } = await server.database.query('select count(*) from "Product"');
  const all = Number(rows[0]![0]);
  const last = await get(`/products?$select=id&$count=true&$skip=${all - 40}`);
  expect(last.body['@odata.count']).toBe(all);
  expect(last.body.value).toHaveLength(40);
  expect(last.body).not.toHaveProperty('@odata.nextLink');
});

test('the link keeps what is quoted, though it looks like an option', async () => {
  const reply = await get("/products?top=100&$filter=name ne 'x&top=1'&Skip=1&$select=id");
  const quoted = '$filter=name%20ne%20%27x&top=1%27';
  expect(reply.body['@odata.nextLink']).toMatch(linkOf(`products?${quoted}&$select=id`));
});

test('the link carries no key that came in the URL', async () => {
  const reply = await get('/products?api_key=secret&$select=id');
  const link = reply.status === 200 ? reply.body['@odata.nextLink'] : '';
  expect(link).not.toContain('secret');
});

test('nested lists that were cut are named in a header', async () => {
  const [{ id }] = (await get('/categories?$orderby=products/$count desc&$top=1')).body.value;
  const reply = await get(`/categories(${id})?$select=id&$expand=products($select=id)`);
  expect(reply.body.products).toHaveLength(40);
  expect(reply.headers.get('portolan-truncated')).toBe('products');
});

test('the pages hold their places while rows come and go', async () => {
  const before = await pages('/suppliers?$select=id&$orderby=rating desc,country', {
    prefer: 'maxpagesize=3',
  });
  const seen: unknown[] = [];
  const gone = new Set<unknown>();
  let next: string | undefined = '/suppliers?$select=id&$orderby=rating desc,country';
  while (next !== undefined) {
    const reply = await get(next, { prefer: 'maxpagesize=3' });
    seen.push(...pluck(reply, 'id'));
    // The last row of the page, which the token is about, and a row of each end that is to come or has been.
    for (const id of [seen.at(-1), before.ids.at(-1 - gone.size)]) {
      const deleted = await server.database.query(
        `delete from "Supplier" s where id = ${id} and not exists (select from "Product" where "supplierId" = s.id)`,
      );
      if (deleted.rowCount > 0) gone.add(id);
    }
    await server.database.query(
      `insert into "Supplier" (code, name, country, rating) values (gen_random_uuid(), 'new', 'AA', 5)`,
    );
    const link: string | undefined = reply.body['@odata.nextLink'];
    next = link?.slice(`${root}/odata`.length);
  }
  expect(new Set(seen).size).toBe(seen.length);
  const survivors = before.ids.filter(id => !gone.has(id));
  expect(seen.filter(id => survivors.includes(id))).toEqual(survivors);
});

test('a token of another order, another set or no server at all is refused', async () => {
  const { body } = await get('/products?$select=id&$orderby=price');
  const token = /skiptoken=(.*)/.exec(body['@odata.nextLink'])![1]!;
  const altered = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`;
  for (const path of [
    `/products?$orderby=price desc&$skiptoken=${token}`,
    `/products?$skiptoken=${token}`,
    `/suppliers?$skiptoken=${token}`,
    `/products?$orderby=price&$skiptoken=${altered}`,
    `/products?$orderby=price&$skiptoken=${token.slice(0, -4)}`,
    '/products?$skiptoken=40',
    '/products?$skiptoken=',
  ]) {
    const reply = await get(path);
    expect(reply.status, path).toBe(400);
    expect(reply.body.error.code).toBe('INVALID_VALUE');
  }
  expect((await get(`/products(1)?$skiptoken=${token}`)).status).toBe(400);
});

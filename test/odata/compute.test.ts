// $compute, and options where they are new: behind lists in $select, inside $expand, in the path.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

const sql = async (text: string): Promise<unknown[]> =>
  (await server.database.query(text)).rows.map(([value]) => value);

const expectRefusal = async (path: string, status: number, code: string) => {
  const reply = await get(path);
  expect(reply.body.error?.code, reply.text).toBe(code);
  expect(reply.status).toBe(status);
};

describe('$compute', () => {
  test('names values that can be selected, filtered and sorted by', async () => {
    const reply = await get(
      '/products?$compute=price mul stock as worth,worth div 2 as half&$filter=half gt 100&$orderby=worth desc,id&$select=id,half&$top=5',
    );
    expect(reply.status, reply.text).toBe(200);
    const rows = await server.database.query(
      'select id, (price * stock / 2) from "Product" where price * stock / 2 > 100 order by price * stock desc, id limit 5',
    );
    expect(reply.body.value.map((row: Record<string, unknown>) => [row.id, row.half])).toEqual(
      rows.rows.map(([id, half]) => [Number(id), Number(half)]),
    );
    expect(reply.body['@odata.context']).toMatch(/#products\(id,half\)$/);
  });

  test('belongs to what is selected without $select, and with a star', async () => {
    const all = await get('/products(1)?$compute=length(name) as letters');
    expect(all.body).toMatchObject({ id: 1, letters: expect.any(Number), 'letters@odata.type': '#Int32' });
    expect((await get('/products(1)?$compute=length(name) as letters&$select=*')).body).toEqual({
      ...all.body,
      '@odata.context': expect.any(String),
    });
    expect((await get('/products(1)?$compute=length(name) as letters&$select=id')).body).not.toHaveProperty(
      'letters',
    );
  });

  test('writes values of every type as fields of that type are written', async () => {
    const reply = await get(
      `/products(1)?$compute=${[
        'stock gt 5 as b',
        'createdAt as d',
        'date(createdAt) as day',
        'time(createdAt) as t',
        'tags as l',
        'attributes as j',
        'weight mul 2 as f',
        "duration'PT90M' as u",
        'category/name as n',
        'orderItems/$count as c',
        'id add 9007199254740993 as big',
      ].join(',')}&$select=b,d,day,t,l,j,f,u,n,c,big,createdAt,tags,attributes,weight`,
    );
    const { body } = reply;
    expect(reply.status, reply.text).toBe(200);
    expect(body).toMatchObject({
      b: true,
      d: body.createdAt,
      day: body.createdAt.slice(0, 10),
      t: expect.stringMatching(/^\d\d:\d\d:\d\d/),
      l: body.tags,
      j: body.attributes,
      f: body.weight * 2,
      u: 'PT5400S',
      'u@odata.type': '#Duration',
      'l@odata.type': '#Collection(String)',
      'big@odata.type': '#Int64',
      n: expect.any(String),
    });
    expect(reply.text).toContain('"big":9007199254740994');
  });

  test('says no types without metadata, and types without a mark in 4.01', async () => {
    const path = '/products(1)?$compute=price mul 2 as double&$select=double';
    expect((await get(path, { accept: 'application/json;odata.metadata=none' })).text).toBe(
      '{"double":47.00}',
    );
    const strings = await get(path, { accept: 'application/json;IEEE754Compatible=true' });
    expect(strings.body.double).toBe('47.00');
    expect((await get(path, { 'odata-maxversion': '4.01' })).body).toMatchObject({
      'double@type': 'Decimal',
      double: 47,
    });
  });

  test('names types of our own as $metadata does', async () => {
    const path = "/orders(1)?$compute=case(status eq 'PAID':status,true:'SHIPPED') as s&$select=s";
    expect((await get(path)).body['s@odata.type']).toBe('#Portolan.OrderStatus');
    expect((await get(path, { 'odata-maxversion': '4.01' })).body['s@type']).toBe('#Portolan.OrderStatus');
    const json = await get('/products(1)?$compute=attributes as j,tags as l&$select=j,l', {
      'odata-maxversion': '4.01',
    });
    expect(json.body).toMatchObject({ 'j@type': '#Portolan.Json', 'l@type': 'Collection(String)' });
  });

  test('goes on from page to page', async () => {
    const path = '/products?$compute=stock mod 7 as rest&$orderby=rest&$filter=id le 40&$select=id,rest';
    const [first] = [await get(path, { prefer: 'odata.maxpagesize=15' })];
    const next = new URL(first!.body['@odata.nextLink']);
    const second = await get((next.pathname + next.search).replace('/odata', ''), {
      prefer: 'odata.maxpagesize=50',
    });
    const ids = [...pluck(first!, 'id'), ...pluck(second, 'id')].map(String);
    expect(ids).toEqual(await sql('select id from "Product" where id <= 40 order by stock % 7, id'));
  });

  test('counts by what is computed', async () => {
    const [count] = await sql('select count(*) from "Product" where price * stock > 5000');
    expect((await get('/products/$count?$compute=price mul stock as worth&$filter=worth gt 5000')).text).toBe(
      count,
    );
  });

  test('works inside $expand, on records and on lists', async () => {
    const { body } = await get(
      '/orders(1)?$select=id&$expand=customer($compute=concat(name,city) as both,orders/$count as n;$select=both,n),items($compute=quantity mul price as sum,product/category/name as kind;$select=sum,kind;$orderby=sum desc;$filter=sum gt 10;$top=2)',
    );
    const rows = await server.database.query(`select i.quantity * i.price, c.name from "OrderItem" i
      join "Product" p on p.id = i."productId" left join "Category" c on c.id = p."categoryId"
      where i."orderId" = 1 and i.quantity * i.price > 10 order by 1 desc limit 2`);
    expect(body.items.map((item: Record<string, unknown>) => [item.sum, item.kind])).toEqual(
      rows.rows.map(([sum, kind]) => [Number(sum), kind]),
    );
    const [both] = await sql(
      'select c.name || c.city from "Customer" c join "Order" o on o."customerId" = c.id where o.id = 1',
    );
    expect(body.customer.both).toBe(both);
    expect(body.customer.n).toBeGreaterThan(0);
  });

  test.each([
    ['$compute=price mul 2', 'SYNTAX_ERROR'],
    ['$compute=price as', 'SYNTAX_ERROR'],
    ['$compute=price as a.b', 'SYNTAX_ERROR'],
    ['$compute=price as a,stock as a', 'SYNTAX_ERROR'],
    ['$compute=a as b,b as a&$select=b', 'SYNTAX_ERROR'],
    ['$compute=price as name', 'INVALID_OPERATION'],
    ['$compute=price as category', 'INVALID_OPERATION'],
    ['$compute=nope as a', 'UNKNOWN_FIELD'],
    ['$compute=nope as a&$select=id', 'UNKNOWN_FIELD'],
    ['$expand=category($compute=nope as a;$select=id)', 'UNKNOWN_FIELD'],
    ['$compute=category as a', 'INVALID_OPERATION'],
    ['$compute=orderItems as a', 'INVALID_OPERATION'],
    ['$compute=label as a', 'INVALID_OPERATION'],
    ['$compute=price as a&$select=b', 'UNKNOWN_FIELD'],
    ['$compute=price as a&$filter=orderItems/any(i:i/a gt 1)', 'UNKNOWN_FIELD'],
    ['$compute=price as a&$filter=orderItems/$count($filter=a gt 1) gt 1', 'UNKNOWN_FIELD'],
    ['$expand=category($compute=position as a)&$filter=a gt 1', 'UNKNOWN_FIELD'],
    ['$compute=1 div (stock sub stock) as a', 'INVALID_VALUE'],
  ])('refuses %s', (query, code) => expectRefusal(`/products?$top=1&${query}`, 400, code));
});

describe('options behind a list in $select', () => {
  test('filter, sort, cut and count its values', async () => {
    const reply = await get(
      "/products?$top=20&$orderby=id&$filter=tags/$count gt 2&$select=id,tags($filter=$this ne 'gift';$orderby=$this desc;$skip=1;$top=2;$count=true)",
    );
    const rows = await server.database.query(`select array_to_json(array(
        select t from unnest(tags) t where t <> 'gift' order by t desc offset 1 limit 2))::text,
        cardinality(array_remove(tags, 'gift'))
      from "Product" where cardinality(tags) > 2 order by id limit 20`);
    expect(
      reply.body.value.map((row: Record<string, unknown>) => [row.tags, row['tags@odata.count']]),
    ).toEqual(rows.rows.map(([tags, count]) => [JSON.parse(tags!), Number(count)]));
  });

  test('know names for values, and the row that they stand in', async () => {
    const { body } = await get(
      "/products?$top=3&$filter='winter' in tags&$select=tags(@w='winter';@t=$this;$filter=@t eq @w or $it/stock lt 0)",
    );
    expect(body.value.map((row: { tags: unknown }) => row.tags)).toEqual(Array(3).fill(['winter']));
  });

  test('and behind the list itself', async () => {
    const [id] = await sql(`select min(id) from "Product" where cardinality(tags) > 2`);
    const [tags] = await sql(
      `select array_to_json(array(select t from unnest(tags) t order by t desc limit 2))::text from "Product" where id = ${id}`,
    );
    expect((await get(`/products(${id})/tags?$orderby=$it desc&$top=2`)).body.value).toEqual(
      JSON.parse(String(tags)),
    );
    expect((await get(`/products(${id})/tags?$filter=$it eq 'nope'`)).body.value).toEqual([]);
    const [count] = await sql(`select cardinality(tags) from "Product" where id = ${id}`);
    expect((await get(`/products(${id})/tags/$count`)).text).toBe(count);
    expect((await get(`/products(${id})/tags/$count?$filter=$it eq 'nope'`)).text).toBe('0');
    expect((await get('/products(999999)/tags/$count')).status).toBe(404);
    expect((await get(`/products(${id})/name/$count`)).status).toBe(404);
    expect((await get(`/products(${id})/tags/$count/$count`)).status).toBe(404);
  });

  test.each([
    ['$select=name($top=1)', 'INVALID_OPERATION', 400],
    ['$select=tags($select=a)', 'INVALID_OPERATION', 400],
    ['$select=tags($filter=name eq 1)', 'INVALID_OPERATION', 400],
    ['$select=tags($levels=1)', 'SYNTAX_ERROR', 400],
    ['$select=tags($nope=1)', 'UNKNOWN_OPTION', 400],
    ['$select=tags($top=1;$top=2)', 'SYNTAX_ERROR', 400],
    ['$select=tags($search=x)', 'NOT_IMPLEMENTED', 501],
    ['$select=category($select=name)', 'NOT_IMPLEMENTED', 501],
  ] as const)('refuse %s', (query, code, status) => expectRefusal(`/products?$top=1&${query}`, status, code));
});

describe('inside $expand', () => {
  test('$it is the entity that is expanded', async () => {
    const { body } = await get(
      '/products?$top=5&$orderby=id&$select=id&$expand=orderItems($filter=price lt $it/price and $it/category/name ne null;$count=true;$top=1;$select=id)',
    );
    const counts =
      await sql(`select (select count(*) from "OrderItem" i where i."productId" = p.id and i.price < p.price and p."categoryId" is not null)
      from "Product" p order by id limit 5`);
    expect(body.value.map((row: Record<string, unknown>) => String(row['orderItems@odata.count']))).toEqual(
      counts,
    );
  });

  test('names stand for values, and for rows further out', async () => {
    const { body } = await get(
      '/categories?$top=4&$orderby=id&$select=id&$filter=children/any()&$expand=children(@m=$this;@n=0;$select=id;$orderby=id;$top=2;$expand=products($filter=@m/position le stock and stock gt @n and @m/id eq categoryId;$orderby=id;$top=2;$select=id))',
    );
    for (const parent of body.value) {
      for (const child of parent.children) {
        const ids = await sql(`select p.id from "Product" p join "Category" c on c.id = p."categoryId"
          where c.id = ${child.id} and c.position <= p.stock and p.stock > 0 order by p.id limit 2`);
        expect(pluckRows(child.products)).toEqual(ids);
      }
    }
    expect(JSON.stringify(body)).toMatch(/"products":\[\{[^}]*"id":/);
  });

  test('a star goes down levels', async () => {
    const { body } = await get('/orderItems(1)?$select=id&$expand=*($levels=2)');
    expect(body).toMatchObject({
      order: { customer: { id: expect.any(Number) } },
      product: { category: expect.anything() },
    });
    expect(body.order.customer).not.toHaveProperty('orders');
    expect(body.product.category).not.toHaveProperty('parent');
  });

  test('levels go down as far as is served', async () => {
    const { body } = await get('/categories(1)?$select=id&$expand=children($levels=max;$select=id)');
    const [depth] =
      await sql(`with recursive t(id, depth) as (select id, 1 from "Category" where "parentId" = 1
      union all select c.id, depth + 1 from "Category" c join t on c."parentId" = t.id) select max(depth) from t`);
    const depthOf = (row: { children?: { children?: unknown }[] }): number =>
      1 + Math.max(-1, ...(row.children ?? []).map(child => depthOf(child as never)));
    expect(depthOf(body)).toBe(Math.min(3, Number(depth)));
    const [leaf] = await sql(
      `select max(c.id) from "Category" c join "Category" p on p.id = c."parentId" where p."parentId" is not null`,
    );
    const up = await get(`/categories(${leaf})?$select=id&$expand=parent($levels=max;$select=id)`);
    expect(up.body.parent.parent).toMatchObject({ id: expect.any(Number), parent: null });
    expect((await get('/products?$top=1&$expand=*($levels=max)')).status).toBe(400);
  });

  test('references are addresses', async () => {
    const { body } = await get(
      '/orders(1)?$select=id&$expand=customer/$ref,items/$ref($top=2;$orderby=id desc;$count=true)',
    );
    const ids = await sql('select id from "OrderItem" where "orderId" = 1 order by id desc limit 2');
    const [customer] = await sql('select "customerId" from "Order" where id = 1');
    expect(body).toMatchObject({
      customer: { '@odata.id': `customers(${customer})` },
      'items@odata.count': expect.any(Number),
      items: ids.map(id => ({ '@odata.id': `orderItems(${id})` })),
    });
    const levels = await get('/products(1)?$select=id&$expand=stockLevels/$ref($top=1),sheet/$ref');
    expect(levels.body.stockLevels[0]['@odata.id']).toMatch(/^stockLevels\(warehouseId=\d+,productId=1\)$/);
    expect((await get(`/${levels.body.stockLevels[0]['@odata.id']}`)).status).toBe(200);
    const without = await get('/products?$filter=category eq null&$top=1&$select=id&$expand=category/$ref');
    expect(without.body.value[0].category).toBeNull();
  });

  test('numbers are counted with filter and search', async () => {
    const { body } = await get(
      '/categories?$top=3&$orderby=products/$count desc&$select=id&$expand=products/$count($filter=stock gt 0;$search=steel)',
    );
    for (const { id, 'products@odata.count': count } of body.value) {
      const [expected] = await sql(`select count(*) from "Product" where "categoryId" = ${id} and stock > 0
        and lower(name || ' ' || coalesce(description, '')) ~ '\\msteel\\M'`);
      expect(String(count)).toBe(expected);
    }
  });

  test.each([
    ['$expand=category(@a=1;@a=2)', 'SYNTAX_ERROR', 400],
    ['$expand=category/$ref($select=id)', 'SYNTAX_ERROR', 400],
    ['$expand=orderItems/$count($top=1)', 'SYNTAX_ERROR', 400],
    ['$expand=orderItems($filter=$it/nope eq 1)', 'UNKNOWN_FIELD', 400],
    ['$expand=orderItems($filtr=quantity gt 1)', 'UNKNOWN_OPTION', 400],
    ['$expand=*($levels=11)', 'LIMIT_EXCEEDED', 400],
    ['$expand=@Some.Term', 'NOT_IMPLEMENTED', 501],
  ] as const)('refuses %s', (query, code, status) =>
    expectRefusal(`/products?$top=1&${query}`, status, code),
  );
});

const pluckRows = (rows: readonly { id: number }[]): string[] => rows.map(({ id }) => String(id));

describe('/$filter in the path', () => {
  test('narrows a set, what a relation leads to, and what another has narrowed', async () => {
    const [count] = await sql('select count(*) from "Product" where stock > 10 and price < 50 and id > 5');
    const reply = await get(
      '/products/$filter(@f)/$filter(price lt 50)/$count?@f=stock gt 10&$filter=id gt 5',
    );
    expect(reply.text).toBe(count);
    const rows = await get('/categories(14)/products/$filter(stock gt 100)?$select=id&$orderby=id&$top=3');
    expect(pluck(rows, 'id').map(String)).toEqual(
      await sql('select id from "Product" where "categoryId" = 14 and stock > 100 order by id limit 3'),
    );
  });

  test.each([
    ['/products(1)/$filter(true)', 404, 'NOT_FOUND'],
    ['/products/$filter(nope gt 1)', 400, 'UNKNOWN_FIELD'],
    ['/products/$filter()', 400, 'SYNTAX_ERROR'],
    ['/products/$filter(stock', 400, 'SYNTAX_ERROR'],
    ['/products/$filter', 501, 'NOT_IMPLEMENTED'],
    ['/products/$filter(true)/$each', 501, 'NOT_IMPLEMENTED'],
    ['/$filter(true)', 501, 'NOT_IMPLEMENTED'],
  ] as const)('is refused in %s', (path, status, code) => expectRefusal(path, status, code));
});

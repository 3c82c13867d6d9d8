// What a set answers, held against SQL over the same rows.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  get = client(server);
});

const sql = async (text: string): Promise<unknown[]> =>
  (await server.database.query(text)).rows.map(([value]) => value);

const metadata = 'https://shop.example/odata/$metadata';

describe('a set', () => {
  test('answers rows within OData’s frame', async () => {
    const reply = await get('/products?$select=id,name,price&$top=2&$orderby=id');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json;odata.metadata=minimal');
    expect(reply.headers.get('odata-version')).toBe('4.0');
    const rows = await server.database.query('select id, name, price from "Product" order by id limit 2');
    const value = rows.rows.map(
      ([id, name, price]) => `{"id":${id},"name":${JSON.stringify(name)},"price":${price}}`,
    );
    expect(reply.text).toBe(
      `{"@odata.context":"${metadata}#products(id,name,price)","value":[${value.join(',')}]}`,
    );
  });

  test('has every field that may be read where nothing is selected', async () => {
    const { body } = await get('/products?$top=1');
    expect(body['@odata.context']).toBe(`${metadata}#products`);
    expect(Object.keys(body.value[0])).toEqual(
      expect.arrayContaining(['id', 'sku', 'cost', 'margin', 'label', 'tags']),
    );
    expect((await get('/products?$top=1&$select=*')).body.value).toEqual(body.value);
  });

  test('counts all rows that meet the condition, whatever the page', async () => {
    const [count] = await sql('select count(*) from "Product" where stock > 0');
    expect((await get('/products?$top=0&$count=true&$filter=stock gt 0')).body).toEqual({
      '@odata.context': `${metadata}#products`,
      '@odata.count': Number(count),
      value: [],
    });
    expect((await get('/products?$top=1&$count=false')).body).not.toHaveProperty('@odata.count');
  });

  test('gives the bare number of its rows', async () => {
    const [all] = await sql('select count(*) from "Product"');
    const [some] = await sql('select count(*) from "Product" where price > 100');
    const reply = await get('/products/$count', { accept: 'application/json' });
    expect(reply.headers.get('content-type')).toBe('text/plain;charset=utf-8');
    expect(reply.text).toBe(all);
    expect((await get('/products/$count?$filter=price gt 100&$top=1&$orderby=name')).text).toBe(some);
  });

  test('has sorted rows, missing values the lowest', async () => {
    const ascending = 'select id from "Product" order by weight nulls first, name desc, id limit 30';
    expect(
      pluck(await get('/products?$orderby=weight,name desc&$select=id&$top=30'), 'id').map(String),
    ).toEqual(await sql(ascending));
    const descending = 'select id from "Product" order by weight desc nulls last, id limit 30';
    expect(pluck(await get('/products?$orderby=weight desc&$select=id&$top=30'), 'id').map(String)).toEqual(
      await sql(descending),
    );
    const related =
      'select p.id from "Product" p left join "Category" c on c.id = p."categoryId" order by c.name nulls first, p.id limit 30';
    expect(pluck(await get('/products?$orderby=category/name&$select=id&$top=30'), 'id').map(String)).toEqual(
      await sql(related),
    );
  });
});

describe('$filter', () => {
  const has = (column: string) => `exists (select from unnest(tags) t where t = '${column}')`;
  test.each<readonly [filter: string, where: string]>([
    ['true', 'true'],
    ['not true', 'false'],
    ['active', 'active'],
    ['not active', 'not active'],
    ['stock gt 0 and price lt 10.5', 'stock > 0 and price < 10.5'],
    ["contains(tolower(name),'steel')", "lower(name) like '%steel%'"],
    ["not contains(name,'e') and stock gt 3", "name not like '%e%' and stock > 3"],
    ["startswith(sku,'BAK') or endswith(name,'medium')", "sku like 'BAK%' or name like '%medium'"],
    ["indexof(name,'a') eq 1", "strpos(name, 'a') = 2"],
    ["length(name) gt 40 and substring(name,1,2) eq 'or'", "length(name) > 40 and substr(name, 2, 2) = 'or'"],
    ["concat(concat(sku,'-'),name) gt 'S'", "(sku || '-' || name) collate \"C\" > 'S'"],
    ["trim(toupper(name)) eq 'X'", 'false'],
    ['price mul 2 sub 1 ge 99 and price sub 5 sub 5 lt 100', 'price * 2 - 1 >= 99 and price - 10 < 100'],
    ['-stock lt -100', 'stock > 100'],
    ['stock mod 7 eq 3', 'stock % 7 = 3'],
    ['round(price) eq 24', 'round(price) = 24'],
    ['floor(price) eq 23 or ceiling(price) eq 23', 'floor(price) = 23 or ceil(price) = 23'],
    [
      'year(createdAt) eq 2026 and month(createdAt) le 6',
      'date_part(\'year\', "createdAt") = 2026 and date_part(\'month\', "createdAt") <= 6',
    ],
    ['createdAt ge 2026-01-01T00:00:00Z', '"createdAt" >= \'2026-01-01Z\''],
    ["createdAt ge '2026-01-01'", '"createdAt" >= \'2026-01-01Z\''],
    ['createdAt lt 2026-01-01T02:00:00%2B02:00', '"createdAt" < \'2026-01-01Z\''],
    ['date(createdAt) gt 2026-03-01', '"createdAt" >= \'2026-03-02Z\''],
    ['createdAt lt now()', '"createdAt" < now()'],
    ['id in (1,2,99999999)', 'id in (1, 2)'],
    ['not (id in (1,2))', 'id not in (1, 2)'],
    ['not id in (1,2) and id lt 5', 'id in (3, 4)'],
    ['weight in (null)', 'weight is null'],
    ['id in ()', 'false'],
    ['category eq null', '"categoryId" is null'],
    ['category ne null', '"categoryId" is not null'],
    ['description eq null or null ne weight', 'description is null or weight is not null'],
    ['weight gt null', 'false'],
    ['weight ne 1', 'weight is distinct from 1'],
    ["category/name eq 'Baking'", '"categoryId" = (select id from "Category" where name = \'Baking\')'],
    ["category/parent/slug ne 'x'", 'true'],
    ["tags/any(t:t eq 'new')", has('new')],
    ["tags/any(tags:tags eq 'new') and tags/any()", has('new')],
    ["'new' in tags", has('new')],
    ["tags/all(t:t ne 'new')", `not ${has('new')}`],
    ["hassubset(tags,['new'])", has('new')],
    ['orderItems/$count gt 2', '(select count(*) from "OrderItem" i where i."productId" = p.id) > 2'],
    [
      'orderItems/$count($filter=quantity gt 1) eq 1',
      '(select count(*) from "OrderItem" i where i."productId" = p.id and quantity > 1) = 1',
    ],
    [
      'orderItems/any(i:i/quantity gt 3 and i/order/status eq Portolan.OrderStatus%27PAID%27)',
      'exists (select from "OrderItem" i join "Order" o on o.id = i."orderId" where i."productId" = p.id and i.quantity > 3 and o.status = \'PAID\')',
    ],
    [
      "collections/any(c:c/season eq 'SUMMER' and c/products/$count gt $it/id)",
      `exists (select from "_CollectionToProduct" l join "Collection" c on c.id = l."A" where l."B" = p.id and c.season = 'SUMMER'
        and (select count(*) from "_CollectionToProduct" m where m."A" = c.id) > p.id)`,
    ],
    ['id eq @a and stock ge @b', 'false'],
    ["(stock gt 0) eq true and contains(name,'a') eq false", "stock > 0 and name not like '%a%'"],
    ['margin gt 0.5', 'round((price - cost) / nullif(price, 0), 4) > 0.5'],
  ])('%s', async (filter, where) => {
    const expected = await sql(`select p.id from "Product" p where ${where} order by p.id limit 50`);
    const reply = await get(`/products?$select=id&$orderby=id&$top=50&$filter=${filter}`);
    expect(reply.status, reply.text).toBe(200);
    expect(pluck(reply, 'id').map(String)).toEqual(expected);
  });

  test.each([
    ["status eq Portolan.OrderStatus'PAID'"],
    ["status eq OrderStatus'PAID'"],
    ["status eq 'PAID'"],
    ["status in ('PAID')"],
    ["status eq Portolan.OrderStatus'1'"],
  ])('knows enum values as %s', async filter => {
    const [count] = await sql(`select count(*) from "Order" where status = 'PAID'`);
    expect((await get(`/orders/$count?$filter=${filter}`)).text).toBe(count);
  });

  test('takes values from aliases', async () => {
    const reply = await get(
      "/products?$select=id&$orderby=id&$filter=id in @ids or sku eq @sku&@ids=[1,2]&@sku='nope'",
    );
    expect(pluck(reply, 'id')).toEqual([1, 2]);
  });
});

describe('$expand', () => {
  test('nests related entities with options of their own', async () => {
    const reply = await get(
      '/orders?$top=1&$orderby=id&$select=number&$expand=customer($select=name),items($select=quantity;$expand=product($select=sku,name);$orderby=quantity desc;$top=2;$filter=quantity gt 0)',
    );
    const [order] = reply.body.value;
    expect(reply.body['@odata.context']).toBe(
      `${metadata}#orders(number,customer(name),items(quantity,product(sku,name)))`,
    );
    expect(Object.keys(order)).toEqual(['number', 'customer', 'items']);
    expect(Object.keys(order.customer)).toEqual(['name']);
    expect(order.items.length).toBeLessThanOrEqual(2);
    for (const item of order.items) expect(Object.keys(item.product)).toEqual(['sku', 'name']);
  });

  test('counts related entities, beside them or instead of them', async () => {
    const { body } = await get(
      '/orders?$top=1&$orderby=id&$select=id&$expand=items($count=true;$top=1;$select=id)',
    );
    const [count] = await sql('select count(*) from "OrderItem" where "orderId" = 1');
    expect(Object.entries(body.value[0])[1]).toEqual(['items@odata.count', Number(count)]);
    expect(body.value[0].items).toHaveLength(1);
    const bare = await get('/orders?$top=1&$orderby=id&$select=id&$expand=items/$count');
    expect(bare.body.value).toEqual([{ id: 1, 'items@odata.count': Number(count) }]);
  });

  test('takes a star, and levels of a tree', async () => {
    const star = (await get('/orders(1)?$expand=*')).body;
    expect(star).toMatchObject({ customer: { id: expect.any(Number) }, items: expect.any(Array) });
    const both = (await get('/orders(1)?$expand=*,customer($select=id)')).body;
    expect(both).toMatchObject({ customer: { id: expect.any(Number) }, items: expect.any(Array) });
    expect(Object.keys(both.customer)).toEqual(['id']);
    const tree = (await get('/categories(1)?$select=id&$expand=children($levels=2;$select=id;$top=50)')).body;
    expect(tree.children[0].children[0]).toEqual({ id: expect.any(Number) });
  });

  test('gives null where a relation leads nowhere', async () => {
    const { body } = await get('/products?$filter=category eq null&$top=1&$expand=category&$select=id');
    expect(body.value[0].category).toBeNull();
  });
});

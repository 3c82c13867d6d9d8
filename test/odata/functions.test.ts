// Functions and operators beyond the common ones, held against SQL over the same rows.

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

const url = (path: string) => encodeURI(path).replaceAll('+', '%2B');

describe('$filter by', () => {
  test.each<readonly [filter: string, where: string]>([
    // Branches
    ["case(stock eq 0:'none',stock lt 50:'few',true:'many') eq 'few'", 'stock > 0 and stock < 50'],
    ['case(stock gt 100:1) eq 1', 'stock > 100'],
    ['case(stock gt 100:1) eq null', 'stock <= 100'],
    ['case(active:null,true:price) gt 100', 'not active and price > 100'],
    ['case(stock gt 100:price,true:1) ge 1.5', 'stock > 100 and price >= 1.5'],
    ['not case(stock gt 100:true,true:false)', 'stock <= 100'],
    // Casts and types
    ["cast(id,Edm.String) eq '12'", 'id = 12'],
    ["endswith(cast(price,'Edm.String'),'.99')", "price::text like '%.99'"],
    ['cast(price,Edm.Int32) eq 23', 'trunc(price) = 23'],
    ['cast(name,Edm.Int64) eq null', 'true'],
    ['cast(substring(sku,4),Edm.Int32) le 10020', 'substr(sku, 5)::int <= 10020'],
    ["cast('2026-02-30',Edm.Date) eq null", 'true'],
    ['cast(createdAt,Edm.Date) eq 2025-11-03', `"createdAt"::date = '2025-11-03'`],
    ["cast(active,Edm.String) eq 'true'", 'active'],
    ['isof(weight,Edm.Double)', 'weight is not null'],
    ["isof(weight,'Edm.String')", 'false'],
    ['isof(category,Portolan.Category) and isof(Portolan.Product)', '"categoryId" is not null'],
    ['not isof(Portolan.Category)', 'true'],
    // Moments and durations
    ["createdAt add duration'P1D' gt 2026-10-01T00:00:00Z", `"createdAt" + interval '1 day' > '2026-10-01Z'`],
    ["duration'P1D' add createdAt gt 2026-10-01T00:00:00Z", `"createdAt" + interval '1 day' > '2026-10-01Z'`],
    ["updatedAt sub createdAt gt duration'P100DT12H'", `"updatedAt" - "createdAt" > interval '2412 hours'`],
    ["updatedAt sub createdAt gt 'P100DT12H'", `"updatedAt" - "createdAt" > interval '2412 hours'`],
    ['totalseconds(updatedAt sub createdAt) lt 86400', `"updatedAt" - "createdAt" < interval '1 day'`],
    ["(updatedAt sub createdAt) div 2 lt duration'P1D'", `"updatedAt" - "createdAt" < interval '2 days'`],
    ["-duration'PT1H' lt duration'-PT30M' and duration'PT90M' mul 2 eq duration'PT3H'", 'true'],
    ["date(createdAt) add duration'P1D' eq 2025-11-04", `"createdAt"::date = '2025-11-03'`],
    ["date(updatedAt) sub date(createdAt) le duration'P2D'", `"updatedAt"::date - "createdAt"::date <= 2`],
    ['createdAt gt mindatetime() and createdAt lt maxdatetime()', 'true'],
    ['totaloffsetminutes(createdAt) eq 0', 'true'],
    ['fractionalseconds(createdAt) ge 0.5', 'extract(second from "createdAt") % 1 >= 0.5'],
    [
      'time(createdAt) ge 12:00:00 and hour(createdAt) lt 13',
      `"createdAt"::time >= '12:00' and date_part('hour', "createdAt") < 13`,
    ],
    // Text that stands for something else
    ["active eq 'true' and stock gt '100' and '0' lt price", 'active and stock > 100'],
    ["year('2026-05-01') eq 2026 and 'PT1H' eq duration'PT60M'", 'true'],
    // Text
    ["substring(name,-3) eq 'ium'", `right(name, 3) = 'ium'`],
    ["substring(name,-3,1) eq 'i'", `left(right(name, 3), 1) = 'i'`],
    ['substring(name,stock sub 100) eq name', 'stock = 100 or 100 - stock >= length(name)'],
    ["substring(name,0 sub 3) eq 'ium'", `right(name, 3) = 'ium'`],
    ["matchesPattern(sku,'^[A-C][A-Z]{2}-\\d+0$')", `sku ~ '^[A-C][A-Z]{2}-[0-9]+0$'`],
    ["matchespattern(name,'\\bSteel\\b')", `name ~ '\\ySteel\\y'`],
    ["not matchespattern(name,'e')", `name not like '%e%'`],
    ["matchespattern(sku,'^(?:[A-M]{3}|TEA)-(\\d{2}){2}[[\\]\\d]$')", `sku ~ '^([A-M]{3}|TEA)-[0-9]{5}$'`],
    ["matchespattern(name,'^.{30,}\\.?$') and matchespattern(name,'')", 'length(name) >= 30'],
    ["concat(trim(' a '),toupper('b')) eq 'aB' and indexof(name,'e') lt 2", `strpos(name, 'e') <= 2`],
    // Nothing comes of nothing
    ['stock add null eq null and (null sub price) eq null and not (stock mul null gt 0)', 'true'],
    ["concat(null,'x') eq null and year(null) eq null and length(null) ne 0", 'true'],
    ["contains(name,null) or startswith(null,'x') or stock lt null add 1", 'false'],
    ['not contains(name,null)', 'false'],
    ['contains(name,null) eq null and round(null) eq null and -null eq null', 'true'],
    // Numbers
    ['price divby 2 gt 500 and stock div 2 eq 8', 'price > 1000 and stock in (16, 17)'],
    ['round(weight) eq 2', 'round(weight::numeric) = 2'],
    ['round(2.5) eq 3 and round(-2.5) eq -3 and floor(-0.5) eq -1 and ceiling(0.2) eq 1', 'true'],
    ['5 mod 3 eq 2 and -5 mod 3 eq -2 and 7 div 2 eq 3 and 7 divby 2 eq 3.5', 'true'],
    // Lists
    ["tags/any(t:startswith(t,'w'))", `exists (select from unnest(tags) t where t like 'w%')`],
    ["tags/any(tags:tags eq 'winter')", `'winter' = any(tags)`],
    ["tags/$count($filter=$this ne 'winter') eq 2", `cardinality(array_remove(tags, 'winter')) = 2`],
    ["tags/$filter($this eq 'winter')/any()", `'winter' = any(tags)`],
    ["'winter' in (tags)", `'winter' = any(tags)`],
    ["'winter' in tags/$filter($this ne 'winter')", 'false'],
    ["'winter' in @t/$filter($this eq 'winter')&@t=tags", `'winter' = any(tags)`],
    [
      'orderItems/$filter(quantity gt 2)/aggregate(price with max) gt 100',
      '(select max(price) from "OrderItem" i where i."productId" = p.id and quantity > 2) > 100',
    ],
    ["tags/any(t:t in @l)&@l=['winter','gift']", `tags && '{winter,gift}'`],
    ["hassubset(tags,['winter','hiking'])", `tags @> '{winter,hiking}'`],
    [
      "hassubsequence(tags,['dishwasher-safe','cooking'])",
      `array_position(tags, 'dishwasher-safe') < array_position(tags, 'cooking')`,
    ],
    ["hassubsequence(tags,['cooking','cooking']) or not hassubsequence(tags,@e)&@e=[]", 'false'],
    [
      "hassubsequence(tags,['winter']) and not hassubsequence(tags,['winter','nope','winter'])",
      `'winter' = any(tags)`,
    ],
    // Related entities
    [
      'orderItems/$filter(quantity gt 2)/$count eq 1',
      '(select count(*) from "OrderItem" i where i."productId" = p.id and quantity > 2) = 1',
    ],
    [
      'orderItems/$filter(quantity gt 2)/all(i:i/price gt 50) and orderItems/any()',
      'exists (select from "OrderItem" i where i."productId" = p.id) and not exists (select from "OrderItem" i where i."productId" = p.id and i.quantity > 2 and i.price <= 50)',
    ],
    [
      'orderItems/any(i:i/order/customer/orders/$count($filter=total gt 5000) gt 1 and i/quantity gt 4)',
      'exists (select from "OrderItem" i join "Order" o on o.id = i."orderId" where i."productId" = p.id and i.quantity > 4 and (select count(*) from "Order" c where c."customerId" = o."customerId" and c.total > 5000) > 1)',
    ],
    [
      "collections/any(collections:collections/season eq 'SUMMER')",
      `exists (select from "_CollectionToProduct" l join "Collection" c on c.id = l."A" where l."B" = p.id and c.season = 'SUMMER')`,
    ],
    ['price gt $root/products(3)/price', 'price > (select price from "Product" where id = 3)'],
    ["id le $root/products(sku='FIT-10003')/id", 'id <= 3'],
    ['price gt $root/products(999999)/price', 'false'],
    ["$root/products(@k)/category/name eq 'Baking' and id lt 3&@k=1", 'id < 3'],
    ['price gt $root/products($it/id)/price', 'false'],
    // Names for paths and values
    ["@c/name eq 'Baking'&@c=category", `"categoryId" = (select id from "Category" where name = 'Baking')`],
    ["@t/any(t:t eq @v)&@t=tags&@v='winter'", `'winter' = any(tags)`],
    ['@p&@p=stock gt @q&@q=500', 'stock > 500'],
    ['$this/stock gt 500 and $it/active', 'stock > 500 and active'],
    // JSON
    ['attributes eq @j&@j={"a":1}', 'attributes = \'{"a":1}\''],
  ])('%s', async (filter, where) => {
    const lookup = filter.includes('products($it/id)');
    const reply = await get(url(`/products?$select=id&$orderby=id&$top=40&$filter=${filter}`));
    if (lookup) return expect(reply.status, reply.text).toBe(400);
    expect(reply.status, reply.text).toBe(200);
    const expected = await sql(`select p.id from "Product" p where ${where} order by p.id limit 40`);
    expect(pluck(reply, 'id').map(String)).toEqual(expected);
  });

  test.each([
    ['stock add duration%27PT1H%27 eq 1', 'INVALID_OPERATION'],
    ['createdAt add 1 gt now()', 'INVALID_OPERATION'],
    ["duration'P1Y' gt duration'PT1H'", 'INVALID_VALUE'],
    ["duration'1 day' gt duration'PT1H'", 'INVALID_VALUE'],
    ["duration'P999999999D' add createdAt gt now()", 'INVALID_VALUE'],
    ['createdAt sub stock gt 1', 'INVALID_OPERATION'],
    ['case(stock:1,true:2) eq 1', 'INVALID_OPERATION'],
    ["case(active:1,true:'x') eq 1", 'INVALID_VALUE'],
    ["case(active:name,true:1) eq 'x'", 'INVALID_VALUE'],
    ["case(active:name,true:stock) eq 'x'", 'INVALID_OPERATION'],
    ['case(active:null) eq null', 'INVALID_OPERATION'],
    ['cast(tags,Edm.String) eq null', 'INVALID_OPERATION'],
    ['cast(stock,Edm.Guid) eq null', 'INVALID_OPERATION'],
    ['cast(name,Edm.Date) eq null', 'INVALID_OPERATION'],
    ['cast(name,Portolan.Nope) eq null', 'INVALID_VALUE'],
    ['cast(name,Edm.Strin) eq null', 'INVALID_VALUE'],
    ['cast() eq null', 'SYNTAX_ERROR'],
    ['cast(name,stock,Edm.String) eq null', 'SYNTAX_ERROR'],
    ['cast(name,stock add 1) eq null', 'SYNTAX_ERROR'],
    ['isof() eq true', 'SYNTAX_ERROR'],
    ['totalseconds(createdAt) gt 1', 'INVALID_OPERATION'],
    ['matchespattern(name,sku)', 'INVALID_OPERATION'],
    ["matchespattern(name,'(a')", 'INVALID_VALUE'],
    ["matchespattern(name,'(a)\\1')", 'INVALID_VALUE'],
    ["matchespattern(name,'(?=a)b')", 'INVALID_VALUE'],
    ["matchespattern(name,'***=a')", 'INVALID_VALUE'],
    ["matchespattern(name,'a{99}{99}')", 'LIMIT_EXCEEDED'],
    ["matchespattern(name,'((((a{50}){50}){50}){50})')", 'LIMIT_EXCEEDED'],
    [`matchespattern(name,'(${'a?'.repeat(20)}){20}b')`, 'LIMIT_EXCEEDED'],
    ["matchespattern(name,'(.{0,100}){3}')", 'LIMIT_EXCEEDED'],
    ["matchespattern(name,'a{255}')", 'LIMIT_EXCEEDED'],
    ["matchespattern(name,'a)b')", 'INVALID_VALUE'],
    ["matchespattern(name,'a{,3}')", 'INVALID_VALUE'],
    ["matchespattern(name,'\\p{L}')", 'INVALID_VALUE'],
    [`matchespattern(name,'${'a'.repeat(201)}')`, 'LIMIT_EXCEEDED'],
    ["matchespattern(name,'[a')", 'INVALID_VALUE'],
    ['$root/products(1)/tags eq stock', 'INVALID_OPERATION'],
    ['$root/nopes(1)/id eq 1', 'UNKNOWN_ENTITY'],
    ["$root/products(nope='x')/id eq 1", 'INVALID_OPERATION'],
    ['$root/products(1)/nope eq 1', 'UNKNOWN_FIELD'],
    ['@c/name eq 1&@c=1', 'SYNTAX_ERROR'],
    ['@c/name eq 1', 'SYNTAX_ERROR'],
    ["active eq 'yes'", 'INVALID_VALUE'],
    ['orderItems/$filter(quantity gt 2) eq 1', 'SYNTAX_ERROR'],
    ['hassubset(tags,name)', 'INVALID_OPERATION'],
    ['hassubsequence(tags,tags)', 'INVALID_OPERATION'],
    ["hassubsequence(name,['a'])", 'INVALID_OPERATION'],
    [`hassubsequence(tags,[${Array(101).fill("'a'")}])`, 'LIMIT_EXCEEDED'],
    ['tags/$count($search=x) gt 1', 'INVALID_OPERATION'],
  ])('refuses %s', async (filter, code) => {
    const reply = await get(`/products?$top=1&$filter=${filter.includes('%27') ? filter : url(filter)}`);
    expect(reply.body.error?.code, reply.text).toBe(code);
    expect(reply.status).toBe(400);
  });
});

test('$count takes $filter and $search', async () => {
  const reply = await get(
    '/categories?$select=id&$orderby=id&$filter=products/$count($filter=stock gt 0;$search=steel) ge 2',
  );
  const expected = await sql(`select c.id from "Category" c where (select count(*) from "Product" p
    where p."categoryId" = c.id and p.stock > 0 and lower(p.name || ' ' || coalesce(p.description, '')) ~ '\\msteel\\M') >= 2 order by c.id`);
  expect(expected.length).toBeGreaterThan(1);
  expect(pluck(reply, 'id').map(String)).toEqual(expected);
});

test('options and operators may be written in any case, options without the dollar sign', async () => {
  const plain = await get(
    "/products?$filter=stock gt 5 and contains(name,'e')&$top=3&$orderby=id desc&$select=id",
  );
  expect(plain.status).toBe(200);
  for (const query of [
    "filter=stock gt 5 and contains(name,'e')&top=3&orderby=id desc&select=id",
    "$Filter=stock GT 5 AND Contains(name,'e')&TOP=3&$OrderBy=id DESC&SELECT=id",
    '%24filter=stock%20gt%205%20and%20contains%28name%2C%27e%27%29&%24top=3&%24orderby=id+desc&$select=id',
  ]) {
    expect((await get(`/products?${query}`)).body.value, query).toEqual(plain.body.value);
  }
  const nested = '/categories?$top=1&$select=id&$expand=products';
  expect((await get(`${nested}(FILTER=stock gt 5;top=2;Select=id)`)).body.value).toEqual(
    (await get(`${nested}($filter=stock gt 5;$top=2;$select=id)`)).body.value,
  );
});

test('keys may be aliases', async () => {
  expect((await get('/products(@k)?@k=1&$select=id')).body.id).toBe(1);
  expect((await get("/products(sku=@s)?@s='FIT-10003'&$select=id")).body.id).toBe(3);
  expect(
    (await get('/stockLevels(warehouseId=@a,productId=@b)?@a=1&@b=1&$select=productId')).body.productId,
  ).toBe(1);
  expect((await get('/products(@k)?@k=id&$select=id')).status).toBe(400);
  expect((await get('/products(@k)?$select=id')).status).toBe(404);
});

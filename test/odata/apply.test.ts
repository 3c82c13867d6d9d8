// $apply, held against SQL over the same rows (OData Extension for Data Aggregation 4.0).

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  get = client(server);
});

/** @returns rows of JSON, as PostgreSQL makes them */
async function sql(text: string): Promise<unknown[]> {
  const { rows } = await server.database.query(`SELECT to_json(r)::text FROM (${text}) r`);
  return rows.map(([row]) => JSON.parse(row!));
}

const apply = (set: string, text: string, more = '') =>
  get(`/${set}?$apply=${encodeURIComponent(text)}${more}`, {
    accept: 'application/json;odata.metadata=none',
  });

async function rows(set: string, text: string, more = ''): Promise<unknown[]> {
  const reply = await apply(set, text, more);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.body.value;
}

async function refusal(set: string, text: string, more = ''): Promise<string> {
  const { status, body } = await apply(set, text, more);
  return `${status} ${body.error.code} ${body.error.message}`;
}

describe('aggregate', () => {
  test('takes all rows together, by every method', async () => {
    const methods =
      'price with sum as sum,price with min as min,price with max as max,price with average as avg,supplierId with countdistinct as suppliers,$count as number';
    expect(await rows('products', `aggregate(${methods})`)).toEqual(
      await sql(
        `SELECT sum(price) AS sum, min(price) AS min, max(price) AS max, trim_scale(sum(price) * 1.0000000000000000 / count(price)) AS avg,
         count(DISTINCT "supplierId") AS suppliers, count(*) AS number FROM "Product"`,
      ),
    );
  });

  test('takes expressions, and paths to one record', async () => {
    expect(
      await rows('products', 'aggregate(price mul stock with sum as value,supplier/rating with max as best)'),
    ).toEqual(
      await sql(
        `SELECT sum(price * stock) AS value, max(rating) AS best FROM "Product" p LEFT JOIN "Supplier" s ON s.id = p."supplierId"`,
      ),
    );
  });

  test('takes related rows of which there are many', async () => {
    expect(
      await rows(
        'orders',
        'aggregate(items/quantity with sum as sold,items/price with max as dearest,items/$count as lines)',
      ),
    ).toEqual(
      await sql(`SELECT sum(quantity) AS sold, max(price) AS dearest, count(*) AS lines FROM "OrderItem"`),
    );
  });

  test('is there where no row is', async () => {
    expect(
      await rows('products', "filter(sku eq 'no such')/aggregate($count as number,price with sum as total)"),
    ).toEqual([{ number: 0, total: null }]);
  });

  test('knows a field by its own name, and sums it', async () => {
    expect(await rows('products', 'aggregate(stock)')).toEqual(
      await sql('SELECT sum(stock) AS stock FROM "Product"'),
    );
  });

  test('says what types its values have, and which columns there are', async () => {
    const reply = await get('/products?$apply=aggregate(price with sum as total,$count as number)');
    expect(reply.body).toEqual({
      '@odata.context': 'https://shop.example/odata/$metadata#products(total,number)',
      value: [
        {
          'total@odata.type': '#Decimal',
          total: expect.any(Number),
          'number@odata.type': '#Int32',
          number: expect.any(Number),
        },
      ],
    });
  });
});

describe('groupby', () => {
  test('gives every combination of values once', async () => {
    expect(await rows('products', 'groupby((active,categoryId))')).toEqual(
      await sql(
        'SELECT DISTINCT active, "categoryId" FROM "Product" ORDER BY active, "categoryId" NULLS FIRST',
      ),
    );
  });

  test('nests what is reached through records, and tells no record from no value', async () => {
    const found = await rows(
      'products',
      'groupby((category/name,category/parent/name),aggregate($count as number))',
    );
    const expected = await sql(
      `SELECT CASE WHEN c.id IS NOT NULL THEN json_build_object('name', c.name, 'parent', CASE WHEN d.id IS NOT NULL THEN json_build_object('name', d.name) END) END AS category,
       count(*) AS number FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId" LEFT JOIN "Category" d ON d.id = c."parentId"
       GROUP BY c.name, d.name, c.id IS NOT NULL, d.id IS NOT NULL, (CASE WHEN c.id IS NOT NULL THEN json_build_object('name', c.name, 'parent', CASE WHEN d.id IS NOT NULL THEN json_build_object('name', d.name) END) END)::text, c.id, d.id`,
    );
    const sorted = (list: unknown[]) => list.map(row => JSON.stringify(row)).sort();
    expect(sorted(found)).toEqual(sorted(expected));
  });

  test('comes after filter and compute, and before filter, orderby and top', async () => {
    expect(
      await rows(
        'orders',
        "filter(status ne 'CANCELLED')/compute(year(orderedAt) as year)/groupby((year,status),aggregate(total with sum as total,$count as number))/filter(number gt 1)/orderby(total desc)/top(3)",
      ),
    ).toEqual(
      await sql(
        `SELECT extract(year FROM "orderedAt")::int AS year, status, sum(total) AS total, count(*) AS number FROM "Order" WHERE status <> 'CANCELLED'
         GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY total DESC, 1, 2 LIMIT 3`,
      ),
    );
  });

  test('groups groups', async () => {
    expect(
      await rows(
        'products',
        'groupby((categoryId,supplierId),aggregate(stock with sum as stock))/groupby((categoryId),aggregate(stock with max as most))',
      ),
    ).toEqual(
      await sql(
        `SELECT "categoryId", max(stock) AS most FROM (SELECT "categoryId", "supplierId", sum(stock) AS stock FROM "Product" GROUP BY 1, 2) g
         GROUP BY 1 ORDER BY 1 NULLS FIRST`,
      ),
    );
  });

  test('keeps the path of a key when its groups are grouped', async () => {
    expect(
      await rows(
        'products',
        'groupby((category/name,active),aggregate($count as number))/groupby((category/name),aggregate(number with sum as number))/orderby(category/name)/top(2)',
      ),
    ).toEqual(
      await sql(
        `SELECT CASE WHEN c.id IS NOT NULL THEN json_build_object('name', c.name) END AS category, count(*) AS number
         FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId" GROUP BY c.id, c.name ORDER BY c.name NULLS FIRST LIMIT 2`,
      ),
    );
  });

  test('keeps whole groups by what their rows amount to', async () => {
    const found = await rows(
      'products',
      'groupby((categoryId),filter($these/aggregate(stock with sum) gt 500))/groupby((categoryId),aggregate(stock with sum as stock))',
    );
    expect(found).toEqual(
      await sql(
        'SELECT "categoryId", sum(stock) AS stock FROM "Product" GROUP BY 1 HAVING sum(stock) > 500 ORDER BY 1 NULLS FIRST',
      ),
    );
    expect(found.length).toBeGreaterThan(0);
  });

  test('finds the best of each group', async () => {
    expect(
      await rows('products', 'groupby((categoryId),topcount(2,price)/aggregate(price with sum as best))'),
    ).toEqual(
      await sql(
        `SELECT "categoryId", sum(price) AS best FROM
         (SELECT *, row_number() OVER (PARTITION BY "categoryId" ORDER BY price DESC, id) AS n FROM "Product") p
         WHERE n <= 2 GROUP BY 1 ORDER BY 1 NULLS FIRST`,
      ),
    );
  });
});

describe('rows that stay entities', () => {
  test('may be computed of', async () => {
    expect(
      await rows(
        'products',
        'compute(price mul 2 as double)/filter(double gt 100)',
        '&$select=id,double&$orderby=id&$top=3',
      ),
    ).toEqual(
      await sql('SELECT id, price * 2 AS double FROM "Product" WHERE price * 2 > 100 ORDER BY id LIMIT 3'),
    );
  });

  test('may be compared with all rows', async () => {
    expect(
      await rows(
        'products',
        'compute(price div $these/aggregate(price with max) as share)/topcount(3,price)',
        '&$select=id,share',
      ),
    ).toEqual(
      await sql(
        'SELECT id, share FROM (SELECT id, price, price / max(price) OVER () AS share FROM "Product") p ORDER BY id IN (SELECT id FROM "Product" ORDER BY price DESC, id LIMIT 3) DESC, id LIMIT 3',
      ),
    );
  });

  test('are paged before they are aggregated', async () => {
    expect(
      await rows('products', 'orderby(price desc)/skip(2)/top(5)/aggregate(price with min as least)'),
    ).toEqual(
      await sql(
        'SELECT min(price) AS least FROM (SELECT price FROM "Product" ORDER BY price DESC, id LIMIT 5 OFFSET 2) p',
      ),
    );
  });

  test('keep one order where they are sorted by what a relation to their own kind leads to', async () => {
    const text = 'filter(parentId ne null)/orderby(parent/id)';
    const whole = await rows('categories', text, '&$select=id&$top=60');
    const parts = [];
    for (let skip = 0; skip < 60; skip += 7)
      parts.push(
        ...(await rows('categories', text, `&$select=id&$skip=${skip}&$top=${Math.min(7, 60 - skip)}`)),
      );
    expect(parts).toEqual(whole);
    expect(whole).toEqual(
      await sql('SELECT id FROM "Category" WHERE "parentId" IS NOT NULL ORDER BY "parentId", id LIMIT 60'),
    );
  });

  test('are expanded and paged through like any others where they are only filtered', async () => {
    const one = await get(
      `/products?$apply=filter(stock gt 0)/search(chair)&$filter=active&$expand=category($select=name)&$select=id&$top=2&$count=true`,
    );
    const other = await get(
      `/products?$search=chair&$filter=active and stock gt 0&$expand=category($select=name)&$select=id&$top=2&$count=true`,
    );
    expect(one.status).toBe(200);
    expect(one.body.value).toEqual(other.body.value);
    expect(one.body['@odata.count']).toBe(other.body['@odata.count']);
  });

  test('may come from a path', async () => {
    expect(await rows('categories(2)/products', 'aggregate($count as number)')).toEqual(
      await sql('SELECT count(*) AS number FROM "Product" WHERE "categoryId" = 2'),
    );
    expect((await get('/categories(99999)/products?$apply=groupby((active))')).status).toBe(404);
  });
});

describe('concat', () => {
  test('gives several results one after the other', async () => {
    expect(
      await rows(
        'products',
        'concat(aggregate(stock with sum as stock),groupby((categoryId),aggregate(stock with sum as stock)),top(1))',
        '&$select=categoryId,stock',
      ),
    ).toEqual([
      ...(await sql('SELECT sum(stock) AS stock FROM "Product"')),
      ...(await sql(
        'SELECT "categoryId", sum(stock) AS stock FROM "Product" GROUP BY 1 ORDER BY 1 NULLS FIRST',
      )),
      ...(await sql('SELECT "categoryId", stock FROM "Product" ORDER BY id LIMIT 1')),
    ]);
  });

  test('answers what a table of SAPUI5 asks for: the total, the number of groups and the first of them', async () => {
    expect(
      await rows(
        'products',
        'groupby((categoryId),filter($these/aggregate(stock) gt 0))/concat(aggregate(stock with sum as stock),groupby((categoryId),aggregate(stock with sum as stock))/orderby(stock desc)/concat(aggregate($count as UI5__count),top(3)))',
      ),
    ).toEqual([
      ...(await sql(
        'SELECT sum(stock) AS stock FROM (SELECT stock, sum(stock) OVER (PARTITION BY "categoryId") AS s FROM "Product") p WHERE s > 0',
      )),
      ...(await sql(
        'SELECT count(*) AS "UI5__count" FROM (SELECT 1 FROM "Product" GROUP BY "categoryId" HAVING sum(stock) > 0) g',
      )),
      ...(await sql(
        'SELECT "categoryId", sum(stock) AS stock FROM "Product" GROUP BY 1 HAVING sum(stock) > 0 ORDER BY stock DESC, 1 NULLS FIRST LIMIT 3',
      )),
    ]);
  });
});

describe('options beside $apply', () => {
  test('look at what it gives', async () => {
    const reply = await apply(
      'products',
      'groupby((categoryId),aggregate($count as number))',
      `&$filter=number gt 1&$orderby=number desc&$top=2&$skip=1&$count=true&$compute=number mul 2 as twice&$select=twice,number`,
    );
    const all = await sql('SELECT count(*) AS n FROM "Product" GROUP BY "categoryId" HAVING count(*) > 1');
    expect(reply.body['@odata.count']).toBe(all.length);
    expect(reply.body.value).toEqual(
      await sql(
        'SELECT count(*) AS number, count(*) * 2 AS twice FROM "Product" GROUP BY "categoryId" HAVING count(*) > 1 ORDER BY 1 DESC, "categoryId" NULLS FIRST LIMIT 2 OFFSET 1',
      ),
    );
  });

  test('make pages, whose links lead through all rows once', async () => {
    const [, ...all] = (await rows(
      'products',
      'groupby((categoryId),aggregate(stock with sum as stock))',
    )) as unknown[];
    const seen: unknown[] = [];
    let next: string | undefined =
      '/products?$apply=groupby((categoryId),aggregate(stock with sum as stock))&$skip=1';
    for (let page = 0; next; page++) {
      const { body } = await get(next, {
        prefer: 'odata.maxpagesize=7',
        accept: 'application/json;odata.metadata=none',
      });
      seen.push(...body.value);
      next = body['@odata.nextLink']?.slice('https://shop.example/odata'.length);
      expect(page).toBeLessThan(1_000);
    }
    expect(seen).toEqual(all);
  });

  test('count with /$count', async () => {
    const { text } = await get('/products/$count?$apply=groupby((categoryId))');
    expect([{ number: Number(text) }]).toEqual(
      await sql('SELECT count(*) AS number FROM (SELECT DISTINCT "categoryId" FROM "Product") c'),
    );
  });

  test('decimals come as strings to whom wants them', async () => {
    const reply = await get('/products?$apply=aggregate(price with sum as total)', {
      accept: 'application/json;odata.metadata=none;IEEE754Compatible=true',
    });
    expect(reply.body.value).toEqual([{ total: expect.stringMatching(/^\d+\.\d\d$/) }]);
  });
});

describe('refusals', () => {
  test('name what is not served, and what is wrong', async () => {
    expect(await refusal('products', 'groupby((rollup(categoryId,supplierId)))')).toMatch(
      /^501 NOT_IMPLEMENTED .*rollup/,
    );
    expect(await refusal('products', 'aggregate(price with stdev as s)')).toMatch(/^501 .*stdev/);
    expect(await refusal('products', 'topsum(5,price)')).toMatch(/^501 .*topsum/);
    expect(await refusal('products', 'aggregate()')).toMatch(/^400 SYNTAX_ERROR/);
    expect(await refusal('products', 'aggregate(price with sum)')).toMatch(/^400 SYNTAX_ERROR/);
    expect(await refusal('products', 'groupby((category))')).toMatch(/^501 /);
    expect(await refusal('products', 'groupby((prise))')).toMatch(/^400 UNKNOWN_FIELD/);
    expect(await refusal('products', 'aggregate(name with sum as s)')).toMatch(/^400 INVALID_OPERATION/);
    expect(await refusal('products', 'groupby((categoryId))/aggregate(price with sum as s)')).toMatch(
      /^400 UNKNOWN_FIELD/,
    );
    expect(await refusal('products', 'groupby((active),filter(stock gt 0)/aggregate($count as n))')).toMatch(
      /^501 /,
    );
    expect(await refusal('products', 'groupby((active))', '&$expand=category')).toMatch(/^501 /);
    expect(await refusal('products(1)', 'groupby((active))')).toMatch(/^400 INVALID_OPERATION/);
    expect(await refusal('products', 'compute(1 as id)')).toMatch(/^400 INVALID_OPERATION/);
    expect(await refusal('products', `${'top(1)/'.repeat(60)}top(1)`)).toMatch(/^400 LIMIT_EXCEEDED/);
    expect(await refusal('products', `${'concat('.repeat(200)}identity${',identity)'.repeat(200)}`)).toMatch(
      /^400 LIMIT_EXCEEDED/,
    );
  });

  test('no transformation leads to a field that may not be read', async () => {
    const limited = client(server, await server.createKey('products:read'));
    const hidden = [
      'aggregate(cost with sum as s)',
      'groupby((cost))',
      'filter(cost gt 1)/aggregate($count as n)',
      'compute(cost mul 2 as c)',
      'orderby(cost)/top(1)/aggregate(price with sum as s)',
      'topcount(1,cost)/aggregate(price with sum as s)',
      'groupby((active),filter($these/aggregate(cost with sum) gt 1))',
      'concat(aggregate(price with sum as s),aggregate(margin with max as m))',
      'groupby((category/name))',
      'aggregate(orderItems/price with sum as s)',
    ];
    for (const text of hidden) {
      const { status } = await limited(`/products?$apply=${encodeURIComponent(text)}`);
      expect([text, status]).toEqual([text, 403]);
    }
    const { body } = await limited('/products?$apply=orderby(id)/top(1)');
    expect(Object.keys(body.value[0])).not.toContain('cost');
  });
});

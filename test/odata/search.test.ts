// $search as a request: OData 4.01 Part 2, 5.1.7.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;

const server = serverForFile();
beforeAll(async () => {
  get = client(server);
  const names = ['Red Wine', 'White Wine', 'Red Shoes', 'Grey'];
  await server.database.query(
    `INSERT INTO "Supplier" (code, name, country) SELECT 'c' || n, name, 'XX' FROM unnest($1::text[]) WITH ORDINALITY AS t(name, n)`,
    [names],
  );
});

describe('$search', () => {
  test('gives the rows that are found, and counts them', async () => {
    const reply = await get('/suppliers?$search=red%20OR%20white&$count=true&$top=2&$select=name');
    expect(reply.body['@odata.count']).toBe(3);
    expect(pluck(reply, 'name')).toEqual(['Red Wine', 'White Wine']);
    expect((await get('/suppliers/$count?$search=red')).text).toBe('2');
    expect((await get('/suppliers/$count?$search=NOT red&$filter=startswith(name,%27G%27)')).text).toBe('1');
  });

  test('is known without the dollar sign', async () => {
    expect(pluck(await get('/suppliers?search=shoes&$select=name'), 'name')).toEqual(['Red Shoes']);
  });

  test('is kept by the link to the next page', async () => {
    const first = await get('/suppliers?$search=wine&$select=name', { prefer: 'odata.maxpagesize=1' });
    const link = new URL(first.body['@odata.nextLink']);
    const second = await get(`${link.pathname.replace('/odata', '')}${link.search}`, {
      prefer: 'odata.maxpagesize=1',
    });
    expect([...pluck(first, 'name'), ...pluck(second, 'name')]).toEqual(['Red Wine', 'White Wine']);
    expect(second.body['@odata.nextLink']).toBeUndefined();
  });

  test('stands in $expand, for the rows and for their number', async () => {
    await server.database.query(`INSERT INTO "Category" (name, slug) VALUES ('Top', 'top')`);
    await server.database.query(
      `INSERT INTO "Category" (name, slug, "parentId") SELECT n, n, id FROM "Category", unnest(ARRAY['red a','red b','blue']) n WHERE slug = 'top'`,
    );
    const { body } = await get(
      `/categories?$filter=slug eq 'top'&$select=name&$expand=children($search=(red OR "x; y");$count=true;$select=name)`,
    );
    expect(body.value).toEqual([
      { name: 'Top', 'children@odata.count': 2, children: [{ name: 'red a' }, { name: 'red b' }] },
    ]);
  });

  test.each([
    ['/suppliers?$search=', 'SYNTAX_ERROR'],
    ['/suppliers?$search="red', 'SYNTAX_ERROR'],
    ['/orderItems?$search=red', 'INVALID_OPERATION'],
    ['/suppliers(1)?$search=red', 'INVALID_OPERATION'],
    ['/categories?$expand=parent($search=red)', 'INVALID_OPERATION'],
    ['/categories?$expand=children($search=(red)', 'SYNTAX_ERROR'],
  ])('is refused: %s', async (path, code) => {
    const reply = await get(path);
    expect(reply.status, reply.text).toBe(400);
    expect(reply.body.error.code).toBe(code);
  });

  test('knows the place of what is wrong', async () => {
    const { error } = (await get('/orderItems?$search=red')).body;
    expect(error.innererror).toMatchObject({ option: '$search', position: 1 });
  });
});

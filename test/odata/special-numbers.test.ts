// INF, -INF and NaN beside numbers of every type, and division by zero (OData 4.01 Part 2, 5.1.1.1 and 5.1.1.2.5).

import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';
import { sender } from './writing.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

const filtered = async (filter: string): Promise<string> =>
  (await get(`/products/$count?$filter=${encodeURIComponent(`id le 50 and (${filter})`)}`)).text;

test.each([
  'stock lt INF and INF gt stock and stock gt -INF and stock ne INF',
  'price lt INF and price gt -INF and not (price eq INF)',
  '1 lt INF and -INF lt INF and INF eq INF and not (INF eq -INF)',
  'stock in (1,INF,2) eq (stock in (1,2))',
  'stock ne NaN and weight ne NaN and NaN ne NaN and null ne NaN',
  'not (stock eq NaN or stock lt NaN or stock ge NaN or NaN eq NaN or NaN le INF)',
  '1e0 div 0 eq INF and -1e0 div 0 eq -INF and 0e0 div 0 ne 0e0',
  '1 div 0e0 eq INF and (stock add 1e0) div (stock sub stock) eq INF and (0 sub 1e0) div 0e0 eq -INF',
  'stock add 1 divby 0 eq INF and price divby 0 eq INF and -price divby 0 eq -INF',
  'not (0e0 div 0 gt 1 or 0e0 div 0 ge 1 or 1 lt 0e0 div 0 or 0e0 div 0 lt 1 or 0e0 div 0 eq 0e0 div 0)',
  '0e0 div 0 ne 0e0 div 0 and 0 divby 0 ne 0 divby 0 and not (0 divby 0 gt 1) and 0e0 div 0 ne null',
  'weight eq weight and not (weight ne weight) and weight ge weight eq (weight ne null)',
  'weight div null eq null and null div 0e0 eq null and null divby 0 eq null',
  '5e0 div 2 eq 2.5 and 5 divby 2 eq 2.5 and 5 div 2 eq 2 and 4.5 div 2 eq 2.25',
])('%s holds for every row', async filter => {
  expect(await filtered(filter)).toBe('50');
});

test.each(['stock div 0 eq 1', 'price div 0 eq 1', 'stock mod 0 eq 1', 'weight mod 0 eq 1'])(
  '%s is a division by zero that fails the request',
  async filter => {
    const { status, body } = await get(`/products?$filter=${encodeURIComponent(filter)}`);
    expect([status, body.error.code]).toEqual([400, 'INVALID_VALUE']);
  },
);

test('what is computed comes in the words of OData', async () => {
  const path = '/products?$top=1&$select=a,b,c&$compute=1e0 div 0 as a,price divby 0 as b,0 divby 0 as c';
  const reply = await get(encodeURI(path), { accept: 'application/json;odata.metadata=none' });
  expect(reply.body.value).toEqual([{ a: 'INF', b: 'INF', c: 'NaN' }]);
});

test('a stored NaN is on neither side of anything, and not equal to itself', async () => {
  await server.database.query(`UPDATE "Product" SET weight = 'NaN' WHERE id = 1`);
  for (const filter of [
    'weight gt 0',
    'weight lt 0',
    'weight ge weight',
    '0 lt weight',
    'weight eq weight',
    'weight eq null',
  ])
    expect(await filtered(`id eq 1 and (${filter})`), filter).toBe('0');
  for (const filter of ['weight ne weight', 'weight ne 1', 'not (weight gt 0)', 'not (weight eq weight)'])
    expect(await filtered(`id eq 1 and (${filter})`), filter).toBe('1');
  await server.database.query('UPDATE "Product" SET weight = 1 WHERE id = 1');
});

test('infinity is no whole number to be stored, nor a key of one', async () => {
  const send = sender(server);
  for (const value of ['INF', '-INF', 'NaN'])
    expect((await send('PATCH', '/products(1)', { stock: value })).status).toBe(400);
  expect((await send('PATCH', '/products(INF)', { stock: 1 })).status).toBeOneOf([400, 404]);
  expect((await get('/products(INF)')).status).toBeOneOf([400, 404]);
});

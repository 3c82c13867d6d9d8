// What nobody sends by mistake: each is answered, and the next request gets what it always gets.

import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';
import { hostileQueries } from './hostile-queries.ts';

let get: Get;
const ordinary =
  "/products?$top=2&$select=id,tags&$filter=tags/any(t:t ne 'x')&$compute=stock mul 2 as s&$orderby=s,id";
let before: string;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
  before = (await get(ordinary)).text;
  expect(before).toContain('"value":[{');
});

test.each(hostileQueries)('%s', async (_what, query, status) => {
  const reply = await get(
    `/products?${query.includes('$top') ? '' : '$top=1&'}${query.replaceAll(' ', '%20')}`,
  );
  expect([status].flat(), `${reply.status} ${reply.text.slice(0, 300)}`).toContain(reply.status);
  expect((await get(ordinary)).text).toBe(before);
});

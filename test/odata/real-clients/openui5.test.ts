// OpenUI5's ODataModel V4 in a browser: lists, filters, expands, counts, $apply, batches and writes.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, openChromium } from '../../chromium.ts';
import { type Listening, startListening } from '../../listening.ts';

if (!hasChromium) console.warn('There is no Chromium: what needs a browser is skipped.');

let served: Listening;
let files: Server;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  if (!hasChromium) return;
  served = await startListening();
  files = await serveFiles();
  browser = await openChromium();
  page = await browser.newPage();
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', message => void (message.type() === 'error' && problems.push(message.text())));
  await page.goto(`http://127.0.0.1:${(files.address() as AddressInfo).port}/`);
  await page.waitForFunction('window.ready === true');
  await page.evaluate(
    ([root, key]) => {
      // biome-ignore lint/suspicious/noExplicitAny: a library without types
      const { ODataModel, start } = window as any;
      start(ODataModel, root, key);
    },
    [`${served.url}/odata/`, served.server.adminKey] as const,
  );
});

afterAll(async () => {
  await page?.close();
  files?.close();
  await served?.close();
});

const resources = fileURLToPath(new URL('../../../node_modules/@openui5/sap.ui.core/src', import.meta.url));

const html = `<!doctype html><meta charset="utf-8"><title>OpenUI5</title>
<script src="/resources/ui5loader.js"></script>
<script src="/resources/ui5loader-autoconfig.js" data-sap-ui-resource-roots='{}' data-sap-ui-async="true" data-sap-ui-compat-version="edge"></script>
<script>
window.start = (ODataModel, root, key) => {
  window.model = new ODataModel({ serviceUrl: root, synchronizationMode: 'None', operationMode: 'Server', httpHeaders: { 'X-API-Key': key } });
};
window.rows = async (path, parameters, length = 100, sorters, filters) => {
  const list = window.model.bindList(path, null, sorters, filters, parameters);
  const contexts = await list.requestContexts(0, length);
  return contexts.map(context => context.getObject());
};
sap.ui.require(['sap/ui/model/odata/v4/ODataModel', 'sap/ui/model/Filter', 'sap/ui/model/Sorter'], (ODataModel, Filter, Sorter) => {
  Object.assign(window, { ODataModel, Filter, Sorter, ready: true });
});
</script>`;

/** The page, and the library's own files. */
async function serveFiles(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    if (!path.startsWith('/resources/')) return response.setHeader('content-type', 'text/html').end(html);
    const file = join(resources, normalize(path.slice('/resources/'.length)));
    const content = await readFile(file).catch(() => undefined);
    if (!content) return response.writeHead(404).end();
    response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'text/plain').end(content);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const sql = async (text: string): Promise<(string | null)[][]> =>
  (await served.server.database.query(text)).rows as (string | null)[][];

/** @param script an expression of the page */
const inPage = <T>(script: string): Promise<T> => page.evaluate(`(async () => ${script})()`) as Promise<T>;

describe.skipIf(!hasChromium)('OpenUI5', () => {
  test('reads a list with its count, in a batch', async () => {
    const result = await inPage<{ count: number; rows: { id: number; price: string }[] }>(`{
      const list = model.bindList('/products', null, [new Sorter('name')], [new Filter('stock', 'GT', 0)], { $count: true, $select: 'id,name,price' });
      const contexts = await list.requestContexts(0, 20);
      return { count: await list.getHeaderContext().requestProperty('$count'), rows: contexts.map(c => c.getObject()) };
    }`);
    const [[count]] = (await sql('SELECT count(*) FROM "Product" WHERE stock > 0')) as [[string]];
    const expected = await sql('SELECT id, price FROM "Product" WHERE stock > 0 ORDER BY name, id LIMIT 20');
    expect(result.count).toBe(Number(count));
    expect(result.rows.map(row => [String(row.id), row.price])).toEqual(expected);
  });

  test('expands, filters what it expands, and looks into related rows', async () => {
    const result = await inPage<{ id: number; products: { id: number }[] }[]>(`{
      const some = new Filter({ path: 'products', operator: 'Any', variable: 'p', condition: new Filter('p/stock', 'GT', 100) });
      return await rows('/categories', { $expand: { products: { $count: true, $select: ['id', 'name'], $filter: 'stock gt 100', $orderby: 'id' } }, $select: 'id' }, 100, [new Sorter('id')], [some]);
    }`);
    expect(result.length).toBeGreaterThan(0);
    const [first] = result;
    const expected = await sql(
      `SELECT id FROM "Product" WHERE "categoryId" = ${Number(first!.id)} AND stock > 100 ORDER BY id`,
    );
    expect(first!.products.map(product => String(product.id))).toEqual(expected.flat());
  });

  test('reads one entity, and what it leads to', async () => {
    const result = await inPage<{ name: string; category: { name: string } | null }>(`{
      const binding = model.bindContext('/products(1)', null, { $select: 'name', $expand: { category: { $select: 'name' } } });
      return await binding.requestObject();
    }`);
    const [expected] = await sql(
      'SELECT p.name, c.name FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId" WHERE p.id = 1',
    );
    expect([result.name, result.category?.name ?? null]).toEqual(expected);
  });

  test('groups and aggregates, with totals', async () => {
    const result = await inPage<{ active?: boolean; stock: string }[]>(`{
      const list = model.bindList('/products', null, [], [], {
        $$aggregation: { aggregate: { stock: { grandTotal: true } }, group: { active: {} } },
      });
      const contexts = await list.requestContexts(0, 10);
      return contexts.map(context => context.getObject());
    }`);
    const groups = await sql('SELECT active, sum(stock) FROM "Product" GROUP BY 1 ORDER BY 1');
    const [[total]] = (await sql('SELECT sum(stock) FROM "Product"')) as [[string]];
    expect(result[0]!.stock).toBe(total);
    expect(result.slice(1).map(row => [row.active ? 't' : 'f', row.stock])).toEqual(groups);
  });

  test('creates, changes and deletes', async () => {
    const result = await inPage<{ created: { id: number; name: string }; renamed: string; left: number }>(`{
      const list = model.bindList('/suppliers', null, [], [], { $select: 'id,code,name,country' });
      const context = list.create({ code: 'UI5', name: 'Made by a table', country: 'DE' });
      await context.created();
      const created = context.getObject();
      await context.setProperty('name', 'Renamed by a table');
      const renamed = await model.bindContext('/suppliers(' + created.id + ')').requestObject();
      await context.delete();
      return { created: { id: created.id, name: created.name }, renamed: renamed.name, left: created.id };
    }`);
    expect(result.created.name).toBe('Made by a table');
    expect(result.renamed).toBe('Renamed by a table');
    expect(await sql(`SELECT count(*) FROM "Supplier" WHERE id = ${Number(result.left)}`)).toEqual([['0']]);
  });

  test('gets a conflict when another write was faster', async () => {
    const message = await inPage<string>(`{
      const context = (await model.bindList('/suppliers', null, [new Sorter('id')], [], { $select: 'id,name' }).requestContexts(0, 1))[0];
      window.theirs = context;
      return context.getProperty('name');
    }`);
    expect(message).toEqual(expect.any(String));
    await sql(`UPDATE "Supplier" SET name = name || ' again' WHERE id = (SELECT min(id) FROM "Supplier")`);
    const status = await inPage<number>(
      `window.theirs.setProperty('name', 'Mine').then(() => 200, error => error.cause?.status ?? error.status)`,
    );
    expect(status).toBe(412);
  });

  test('meets only documented errors', () => {
    expect(problems.filter(text => !/412|Precondition|changed/i.test(text))).toEqual([]);
  });
});

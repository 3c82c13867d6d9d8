// Entity tags: nobody overwrites what they have not seen, and nothing is sent that is known.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Send, sender } from './writing.ts';

let send: Send;
let reader: Send;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  send = sender(server);
  reader = sender(server, await server.createKey('read'));
});

let count = 0;
const made = async (more: object = {}): Promise<{ path: string; etag: string }> => {
  const body = { sku: `E-${count++}`, name: 'Lamp', price: 1, ...more };
  const { body: product, headers } = await send('POST', '/products', body);
  return { path: `/products(${product.id})`, etag: headers.get('etag')! };
};

describe('entity tags', () => {
  test('are weak, and the same in the header and beside the entity', async () => {
    const { path, etag } = await made();
    expect(etag).toMatch(/^W\/"\d+"$/);
    const { body, headers } = await send('GET', path);
    expect(headers.get('etag')).toBe(etag);
    expect(body['@odata.etag']).toBe(etag);
    const { body: list } = await send('GET', `/products?$filter=id eq ${body.id}&$select=name`);
    expect(list.value).toEqual([{ '@odata.etag': etag, name: 'Lamp' }]);
  });

  test('stand beside related entities, and are no part of what has no annotations', async () => {
    const { path } = await made({ categoryId: 1 });
    const { body } = await send('GET', `${path}?$expand=category($expand=products($top=1))`);
    expect(body.category['@odata.etag']).toMatch(/^W\/"\d+"$/);
    expect(body.category.products[0]['@odata.etag']).toMatch(/^W\/"\d+"$/);
    const none = await send('GET', path, undefined, { accept: 'application/json;odata.metadata=none' });
    expect(none.text).not.toContain('etag');
    expect(none.headers.get('etag')).toMatch(/^W\/"\d+"$/);
    const newer = await send('GET', path, undefined, { 'odata-maxversion': '4.01' });
    expect(newer.body['@etag']).toBe(newer.headers.get('etag'));
  });

  test('are not told beside entities to who just takes anything', async () => {
    const { path, etag } = await made();
    for (const accept of ['*/*', 'application/*']) {
      expect((await send('GET', '/products?$top=2', undefined, { accept })).text).not.toContain('etag');
      const { headers, text } = await send('GET', path, undefined, { accept });
      expect(headers.get('etag')).toBe(etag);
      expect(text).not.toContain('etag');
    }
    const format = await send('GET', '/products?$top=2&$format=json', undefined, { accept: '*/*' });
    expect(format.text).toContain('@odata.etag');
  });

  test('are not told in lists to who can’t write', async () => {
    const { path, etag } = await made({ categoryId: 1 });
    expect((await reader('GET', '/products?$top=2&$expand=category')).text).not.toContain('etag');
    const { headers, text } = await reader('GET', path);
    expect(headers.get('etag')).toBe(etag);
    expect(text).not.toContain('etag');
  });

  test('change with the entity', async () => {
    const { path, etag } = await made();
    const { headers } = await send('PATCH', path, { stock: 1 });
    expect(headers.get('etag')).not.toBe(etag);
    expect((await send('GET', path)).headers.get('etag')).toBe(headers.get('etag'));
    const value = await send('PUT', `${path}/stock`, { value: 2 });
    expect((await send('GET', path)).headers.get('etag')).toBe(value.headers.get('etag'));
  });
});

describe('If-Match', () => {
  const writes: [name: string, method: string, suffix: string, body?: object][] = [
    ['PATCH', 'PATCH', '', { stock: 1 }],
    ['PUT', 'PUT', '', { sku: 'E-put', name: 'x', price: 1 }],
    ['PUT of a value', 'PUT', '/name', { value: 'x' }],
    ['PUT of a raw value', 'PUT', '/name/$value', { a: 1 }],
    ['DELETE of a value', 'DELETE', '/description'],
    ['PUT of a reference', 'PUT', '/category/$ref', { '@odata.id': 'categories(1)' }],
    ['DELETE of a reference', 'DELETE', '/category/$ref'],
    ['DELETE', 'DELETE', ''],
  ];

  test.each(writes)('stops a %s of what was changed since', async (_name, method, suffix, body) => {
    const { path, etag } = await made({ sku: `E-m${count++}` });
    await send('PATCH', path, { stock: 5 });
    const before = await send('GET', path);
    const { status, body: told } = await send(method, path + suffix, body, { 'if-match': etag });
    expect(status).toBe(412);
    expect(told.error.code).toBe('PRECONDITION_FAILED');
    expect((await send('GET', path)).text).toBe(before.text);
  });

  test.each(writes)('lets a %s of what is as it was through', async (_name, method, suffix, body) => {
    const given = body && 'sku' in body ? { ...body, sku: `E-p${count++}` } : body;
    const { path, etag } = await made({ sku: `E-n${count++}` });
    const { status } = await send(method, path + suffix, given, { 'if-match': etag });
    expect(status).toBe(204);
    expect((await send(method, path + suffix, given, { 'if-match': '*' })).status).toBe(
      method === 'DELETE' && suffix === '' ? 404 : 204,
    );
  });

  test('takes any of several tags, weak or strong', async () => {
    const { path, etag } = await made();
    expect((await send('PATCH', path, { stock: 1 }, { 'if-match': 'W/"1", "2"' })).status).toBe(412);
    const several = await send('PATCH', path, { stock: 1 }, { 'if-match': `W/"1" , ${etag},"2"` });
    expect(several.status).toBe(204);
    const strong = several.headers.get('etag')!.slice(2);
    expect((await send('PATCH', path, { stock: 2 }, { 'if-match': strong })).status).toBe(204);
  });

  test.each(['123', 'W/123', '"a', '"a" "b"', ', "a"', "W/'1'"])('is not %s', async tag => {
    const { path } = await made();
    const { status, body } = await send('PATCH', path, { stock: 1 }, { 'if-match': tag });
    expect(status).toBe(400);
    expect(body.error.target).toBe('if-match');
  });

  test('of many writers at the same time lets one through', async () => {
    const { path, etag } = await made();
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, stock) => send('PATCH', path, { stock }, { 'if-match': etag })),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([204, 412, 412, 412, 412, 412]);
  });
});

describe('If-None-Match', () => {
  test('spares who has the entity from being sent it again', async () => {
    const { path, etag } = await made({ categoryId: 1 });
    for (const tags of [etag, `"1", ${etag}`, etag.slice(2), '*']) {
      const { status, text, headers } = await send('GET', `${path}?$select=name`, undefined, {
        'if-none-match': tags,
      });
      expect(status).toBe(304);
      expect(text).toBe('');
      expect(headers.get('etag')).toBe(etag);
    }
    const other = await send('GET', path, undefined, { 'if-none-match': 'W/"1"' });
    expect(other.status).toBe(200);
    await send('PATCH', path, { stock: 1 });
    expect((await send('GET', path, undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  test('does not hide what changed in a related entity', async () => {
    const { path, etag } = await made({ categoryId: 1 });
    const whole = await send('GET', `${path}?$expand=category`, undefined, { 'if-none-match': etag });
    expect(whole.status).toBe(200);
  });

  test('stops a write of what its sender has', async () => {
    const { path, etag } = await made();
    expect((await send('PATCH', path, { stock: 1 }, { 'if-none-match': etag })).status).toBe(412);
    expect((await send('PATCH', path, { stock: 1 }, { 'if-none-match': 'W/"1"' })).status).toBe(204);
  });

  test.each([
    ['PUT', ''],
    ['PATCH', ''],
    ['PUT', '/name'],
    ['PUT', '/attributes/$value'],
    ['PUT', '/category/$ref'],
  ])('with a star refuses a %s of what exists%s before its body is looked at', async (method, suffix) => {
    const { path } = await made();
    for (const body of ['{"name":', '{"nope":{"x":[1]}}', '']) {
      const { status, body: told } = await send(method, path + suffix, body, { 'if-none-match': '*' });
      expect([status, told.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
    }
  });

  test('with a star tells a key that cannot read nothing but what it wrote', async () => {
    const writer = sender(server, await server.createKey('write'));
    const { path } = await made({ sku: 'E-star' });
    expect((await writer('PUT', path, '{"name":', { 'if-none-match': '*' })).status).not.toBe(412);
    const taken = await writer(
      'PUT',
      "/products(sku='E-star')",
      { name: 'x', price: 1 },
      { 'if-none-match': '*' },
    );
    expect(taken.status).not.toBe(412);
  });
});

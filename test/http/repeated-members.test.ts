// A member that an object in a body has twice is refused by every API that takes JSON.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseRepeatedMembers } from '../../src/base/received-json.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile();

const query = '"query":"{ productsCount }"';

test.each<[method: string, path: string, body: string | undefined]>([
  ['POST', '/graphql', `{${query},"variables":{"a":{"b":1,"\\u0062":2}}}`],
  ['POST', '/graphql', `{${query},${query}}`],
  ['GET', `/graphql?query={productsCount}&variables=${encodeURIComponent('{"a":1,"a":1}')}`, undefined],
  ['POST', '/api/query', '{"query":"productsCount","variables":{"a":1,"a":2}}'],
  ['POST', '/odata/suppliers', '{"code":"a","name":"x","name":"y","country":"DE"}'],
  ['POST', '/odata/products', '{"sku":"a","name":"x","price":1,"attributes":{"a":[{"b":1,"b":1}]}}'],
  ['PATCH', '/odata/suppliers(1)', '{"name":"x","name":"x"}'],
  ['PUT', '/odata/suppliers(1)/name', '{"value":"x","value":"y"}'],
  ['PUT', '/odata/products(1)/attributes/$value', '{"a":1,"a":2}'],
  ['PUT', '/odata/products(1)/category/$ref', '{"@odata.id":"categories(1)","@odata.id":"categories(2)"}'],
  ['POST', '/odata/$batch', '{"requests":[{"id":"1","id":"2","method":"GET","url":"products"}]}'],
  [
    'POST',
    '/odata/$batch',
    '{"requests":[{"id":"1","method":"POST","url":"suppliers","body":{"name":"x","name":"y"}}]}',
  ],
  ['POST', '/api/keys', '{"name":"x","scopes":["read"],"scopes":["admin"]}'],
  ['POST', '/api/apps', '{"name":"x","name":"y"}'],
  ['POST', '/api/invitations', '{"email":"a@b.example","role":"viewer","role":"admin"}'],
])('%s %s', async (method, path, body) => {
  const headers = { 'content-type': 'application/json' };
  const response = await server.fetch(path, { key: server.adminKey, method, headers, body });
  const text = await response.text();
  expect(response.status, text).toBe(400);
  expect(text).toMatch(/INVALID_JSON/);
  expect(text).toMatch(/is given twice/);
});

describe('of a text', () => {
  test('rejects only a repeated member of one object, with its position', () => {
    expect(() => refuseRepeatedMembers('{"a":1,\n "b":[{"a":"a","c":"a"},{"a":":"}],\n "a":2}')).toThrow(
      expect.objectContaining({ code: 'INVALID_JSON', target: 'a', location: { line: 3, column: 2 } }),
    );
  });

  test('nothing else ever is', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (text, indent) => {
        refuseRepeatedMembers(JSON.stringify(JSON.parse(text), null, indent));
      }),
      { numRuns: 500 },
    );
    refuseRepeatedMembers('{"a\\"b":"\\\\","a\\\\":1,"":[],"__proto__":{},"c":["x","x"]}');
  });
});

import { expect, test } from 'vitest';
import { refuseCrossSite } from '../../src/auth/sessions/cross-site.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';

const incoming = (method: string, headers: Record<string, string>) =>
  new FetchIncoming(new Request('http://shop.example/api/import', { method, headers }), '192.0.2.7');

test.each([
  ['POST', { 'sec-fetch-site': 'cross-site' }],
  ['POST', { 'sec-fetch-site': 'same-site', origin: 'http://shop.example', host: 'shop.example' }],
  ['DELETE', { 'sec-fetch-site': 'cross-site' }],
  ['POST', { origin: 'http://evil.example', host: 'shop.example' }],
  ['POST', { origin: 'http://shop.example:81', host: 'shop.example' }],
  ['POST', { origin: 'null', host: 'shop.example' }],
])('HTTP Basic is refused for %s with %o', (method, headers) => {
  expect(() => refuseCrossSite(incoming(method, headers))).toThrow(
    expect.objectContaining({ code: 'FOREIGN_PAGE', status: 403 }),
  );
});

test.each([
  ['GET', { 'sec-fetch-site': 'cross-site' }],
  ['POST', { 'sec-fetch-site': 'same-origin', origin: 'http://evil.example', host: 'shop.example' }],
  ['POST', { 'sec-fetch-site': 'none' }],
  ['POST', { origin: 'http://shop.example', host: 'shop.example' }],
  ['POST', {}],
])('HTTP Basic is accepted for %s with %o', (method, headers) => {
  expect(() => refuseCrossSite(incoming(method, headers))).not.toThrow();
});

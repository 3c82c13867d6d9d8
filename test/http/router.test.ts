import { expect, test } from 'vitest';
import { Fault } from '../../src/base/errors.ts';
import type { Route } from '../../src/http/message/route.ts';
import { createRouter } from '../../src/http/router.ts';
import { door } from './open-entries.ts';

const route = (method: string | string[], path: string): Route => ({
  method,
  path,
  handle: () => ({ status: 200, body: path }),
});

const router = createRouter([
  door(
    route('GET', '/'),
    route('POST', '/api/query'),
    route(['GET', 'POST'], '/graphql'),
    route('GET', '/odata/*'),
    route('POST', '/odata/$batch'),
    route('GET', '/odata/products/special/*'),
  ),
]);

const pathOf = (method: string, path: string): string => router.match(method, path).route.path;

function faultOf(method: string, path: string): Fault {
  try {
    router.match(method, path);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error(`${method} ${path} was found`);
}

test('finds exact paths', () => {
  expect(pathOf('POST', '/api/query')).toBe('/api/query');
  expect(pathOf('GET', '/')).toBe('/');
  expect(pathOf('POST', '/graphql')).toBe('/graphql');
});

test('passes over one slash at the end', () => {
  expect(pathOf('POST', '/api/query/')).toBe('/api/query');
  expect(faultOf('POST', '/api/query//').code).toBe('NOT_FOUND');
});

test('serves a prefix itself and everything below, but nothing that merely begins alike', () => {
  expect(pathOf('GET', '/odata')).toBe('/odata/*');
  expect(pathOf('GET', '/odata/')).toBe('/odata/*');
  expect(pathOf('GET', '/odata/products(1)/name')).toBe('/odata/*');
  expect(faultOf('GET', '/odatax').code).toBe('NOT_FOUND');
});

test('takes the longest prefix, and an exact path before any', () => {
  expect(pathOf('GET', '/odata/products/special/1')).toBe('/odata/products/special/*');
  expect(pathOf('POST', '/odata/$batch')).toBe('/odata/$batch');
});

test('falls back from an exact path to a prefix that serves the method', () => {
  expect(pathOf('GET', '/odata/$batch')).toBe('/odata/*');
});

test('says which methods a path takes', () => {
  const error = faultOf('DELETE', '/graphql');
  expect(error.code).toBe('METHOD_NOT_ALLOWED');
  expect(error.headers).toEqual({ allow: 'GET, POST, HEAD, OPTIONS' });
  expect(faultOf('GET', '/api/query').headers).toEqual({ allow: 'POST, OPTIONS' });
  expect(faultOf('PUT', '/odata/$batch').headers).toEqual({ allow: 'POST, GET, HEAD, OPTIONS' });
});

test.each([
  ['/graphqll', '/graphql'],
  ['/api/qurey', '/api/query'],
  ['/apii/query', '/api/query'],
  ['/query', '/api/query'],
  ['/odat/products', '/odata'],
])('names the near path for %s', (wrong, near) => {
  expect(faultOf('GET', wrong)).toMatchObject({ code: 'NOT_FOUND', hint: `Did you mean "${near}"?` });
});

test('names nothing where nothing is near', () => {
  expect(faultOf('GET', '/wp-login.php').hint).toBeUndefined();
});

test('answers OPTIONS on every path', async () => {
  const { route } = router.match('OPTIONS', '/api/query');
  expect(route.open).toBe(true);
  const answer = await route.handle({ header: () => undefined } as never, undefined as never);
  expect(answer).toEqual({ status: 204, headers: { allow: 'POST, OPTIONS' } });
});

test('refuses two routes for the same method and path', () => {
  expect(() => createRouter([door(route('GET', '/a'), route(['POST', 'GET'], '/a'))])).toThrow(
    'Two routes serve GET /a.',
  );
});

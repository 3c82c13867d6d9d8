import { describe, expect, test } from 'vitest';
import { allowsRedirect, checkRedirectUris, placeOf } from '../../src/apps/services/redirect-uri.ts';

describe('redirect URIs that an app may have', () => {
  test.each([
    'https://app.example/oauth/callback',
    'https://app.example',
    'https://app.example/?next=1',
    'https://app.example:8443/cb',
    'http://127.0.0.1/cb',
    'http://127.0.0.1:53682/cb',
    'http://[::1]:1234/cb',
    'http://localhost:3000/cb',
    'com.example.app:/callback',
    'com.example.app://callback',
  ])('%s', uri => {
    expect(checkRedirectUris([uri])).toEqual([uri]);
  });

  test('are kept once each, without the blanks around them', () => {
    expect(checkRedirectUris([' https://a.example/ ', 'https://a.example/', ''])).toEqual([
      'https://a.example/',
    ]);
  });
});

describe('redirect URIs that no app may have', () => {
  test.each([
    ['/callback', /not an absolute URI/],
    ['callback', /not an absolute URI/],
    ['https://', /not an absolute URI/],
    ['//app.example/cb', /not an absolute URI/],
    ['http://app.example/cb', /uses http/],
    ['http://127.0.0.1.evil.example/cb', /uses http/],
    ['http://localhost.evil.example/cb', /uses http/],
    ['http://0x7f000001/cb', /not in normalized form/],
    ['https://app.example/cb#', /fragment/],
    ['https://app.example/cb#here', /fragment/],
    ['https://*.app.example/cb', /wildcard/],
    ['https://app.example/*', /wildcard/],
    ['https://user@app.example/cb', /user name/],
    ['https://app.example:443/cb', /not in normalized form/],
    ['https://APP.example/cb', /not in normalized form/],
    ['https://app.example/a/../cb', /not in normalized form/],
    ['https:/app.example/cb', /not in normalized form/],
    ['https://app.example\\@evil.example/', /not allowed in a URI/],
    ['https://app.example/cb\r\nset-cookie: x', /not allowed in a URI/],
    ['https://app.example/c b', /not allowed in a URI/],
    ['https://bücher.example/', /not allowed in a URI/],
    ['javascript:alert(1)', /scheme/],
    ['JavaScript:alert(1)', /scheme/],
    ['data:text/html,x', /scheme/],
    ['file:///etc/passwd', /scheme/],
    ['blob:https://app.example/x', /scheme/],
    ['vbscript:x', /scheme/],
    ['about:blank', /scheme/],
    ['myapp:/callback', /scheme/],
    ['ftp://app.example/', /scheme/],
    [`https://app.example/${'x'.repeat(1_000)}`, /longer than/],
  ])('%s', (uri, message) => {
    expect(() => checkRedirectUris([uri])).toThrow(message);
  });

  test('more than twenty', () => {
    const many = Array.from({ length: 21 }, (_, i) => `https://app.example/${i}`);
    expect(() => checkRedirectUris(many)).toThrow(/at most 20/);
    expect(checkRedirectUris(many.slice(1))).toHaveLength(20);
  });
});

describe('an address that is asked for', () => {
  const registered = [
    'https://app.example/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:5000/cb?a=1',
    'http://localhost:3000/cb',
    'com.example.app:/cb',
  ];

  test.each([
    ...registered,
    'http://127.0.0.1:49152/cb',
    'http://[::1]:6000/cb?a=1',
    'http://[::1]/cb?a=1',
    'http://localhost/cb',
    'http://localhost:65535/cb',
  ])('%s is allowed', asked => {
    expect(allowsRedirect(registered, asked)).toBe(true);
  });

  test.each([
    '',
    'https://app.example/cb/',
    'https://app.example/cb?x=1',
    'https://app.example/CB',
    'https://app.example:443/cb',
    'https://app.example:8443/cb',
    'https://app.example/cb#',
    'https://app.example/cb/../cb',
    'https://app.example.evil.example/cb',
    'https://app.example@evil.example/cb',
    'http://app.example/cb',
    'http://127.0.0.1:49152/other',
    'http://127.0.0.1:49152/cb?x=1',
    'http://127.0.0.1:49152/cb#x',
    'http://127.0.0.1:49152/x/../cb',
    'http://127.0.0.1:x/cb',
    'http://127.0.0.1:80/cb',
    'http://127.0.0.1:1@evil.example/cb',
    'http://user@127.0.0.1:1/cb',
    'http://127.1:1/cb',
    'https://127.0.0.1:1/cb',
    'http://[::1]:6000/cb',
    'http://127.0.0.2:1/cb',
    'com.example.app:/cb/more',
    'com.example.app.evil:/cb',
  ])('%s is not', asked => {
    expect(allowsRedirect(registered, asked)).toBe(false);
  });
});

test('users see the host, or the kind of program', () => {
  expect(placeOf('https://app.example/cb')).toBe('app.example');
  expect(placeOf('https://app.example:8443/cb')).toBe('app.example:8443');
  expect(placeOf('http://127.0.0.1:123/cb')).toBe('a program on this computer (127.0.0.1:123)');
  expect(placeOf('http://[::1]/cb')).toBe('a program on this computer ([::1])');
  expect(placeOf('com.example.app:/cb')).toBe('the app that opens com.example.app');
  expect(placeOf('com.example.app://bank.example/cb')).toBe('the app that opens com.example.app');
});

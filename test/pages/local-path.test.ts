import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localPath } from '../../src/pages/local-path.ts';

test.each(['/', '/account', '/account/keys?done=1', '/auth/oauth/interaction/abc-_1', '/a%2F%2Fb', '/a#b'])(
  'goes to %s',
  path => {
    expect(localPath(path, '/other')).toBe(path);
  },
);

test.each([
  ...[
    '',
    undefined,
    null,
    'account',
    'https://evil.example',
    'HTTPS:evil.example',
    '//evil.example',
    '///evil.example',
  ],
  ...[
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '\\/evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
  ],
  ...[
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/\r\nSet-Cookie: a=b',
  ],
  ...[
    '/\0',
    '/\u2028',
    '/ä',
    '/.//evil.example',
    '/..//evil.example',
    '/%5cevil\\',
    '?x',
    '#x',
    '/a/..//evil.example',
  ],
])('does not go to %j', path => {
  expect(localPath(path, '/other')).toBe('/other');
});

test('does not go to what is too long to be one of ours', () => {
  expect(localPath(`/${'a'.repeat(2_000)}`, '/other')).toBe('/other');
});

test('whatever is taken stays on this server', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '@',
    ':',
    'evil.example',
    '%2f',
    '%5c',
    '?',
    '#',
    '\t',
    '\n',
    ' ',
    'a',
    'http:',
    '\u00a0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      const taken = localPath(pieces.join(''), '/other');
      for (const base of ['https://shop.example/sign-in', 'http://localhost:3000/a/b']) {
        expect(new URL(taken, base).origin).toBe(new URL(base).origin);
      }
    }),
    { numRuns: 2_000 },
  );
});

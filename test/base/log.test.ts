import { expect, test } from 'vitest';
import { createLog, withoutKey } from '../../src/base/log.ts';

function linesOf(format: 'json' | 'pretty', facts: object): string {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'info', logFormat: format }, { write: line => lines.push(line) });
  log.info(facts, 'hello');
  return lines.join('');
}

const secret = 'pk_secret';

test.each(['json', 'pretty'] as const)('never writes a credential (%s)', format => {
  const facts = {
    headers: { authorization: `Bearer ${secret}`, 'x-api-key': secret, cookie: secret, accept: 'text/csv' },
    request: { headers: { authorization: secret } },
    url: `/odata/products?api_key=${secret}&$top=1`,
    query: `%61pi_key=${secret}`,
    password: secret,
    config: { databaseUrl: `postgresql://x:${secret}@db/y` },
  };
  const line = linesOf(format, facts);
  expect(line).not.toContain(secret);
  expect(line).toContain('text/csv');
  expect(line).toContain('$top=1');
  expect(line).toContain('hello');
});

test('writes errors with their causes', () => {
  const line = JSON.parse(linesOf('json', { error: new Error('outer', { cause: new Error('inner') }) }));
  expect(line.error.message).toBe('outer: inner');
  expect(line.error.stack).toContain('log.test.ts');
});

test.each([
  ['/a?api_key=x', '/a?api_key=[redacted]'],
  ['/a?code=x&client%5Fsecret=y&coded=z', '/a?code=[redacted]&client%5Fsecret=[redacted]&coded=z'],
  ['/a?b=1&API_KEY=x#f', '/a?b=1&API_KEY=[redacted]#f'],
  ['/a?api%5Fkey=x;c=2', '/a?api%5Fkey=[redacted];c=2'],
  ['/a?my_api_key_count=1&%zz=2', '/a?my_api_key_count=1&%zz=2'],
  ['/a', '/a'],
])('strikes the key out of %s', (address, expected) => {
  expect(withoutKey(address)).toBe(expected);
});

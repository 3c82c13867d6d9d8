// What no client sends: the parser refuses it early or reads it in time that grows with its length, and forgets it.

import { expect, test } from 'vitest';
import { parseOptions } from '../../src/odata/parse/options.ts';
import { parsePath } from '../../src/odata/parse/path.ts';
import { parseUrl } from '../../src/odata/url/url.ts';
import { meaning, parse } from './print-expression.ts';

const repeated = (text: string, times: number) => text.repeat(times);
const tooDeep = /^LIMIT_EXCEEDED at/;

test.each([
  ['parentheses', `${repeated('(', 3_000)}a${repeated(')', 3_000)}`],
  ['parentheses in a lambda', `tags/any(t:${repeated('(', 3_000)}`],
  ['minus signs', `${repeated('-', 5_000)}a`],
  ['negations', `${repeated('not ', 5_000)}a`],
  ['lambdas', `${repeated('a/any(x:', 1_000)}x`],
  ['calls', `${repeated('f(', 5_000)}a`],
  ['arrays', repeated('[', 5_000)],
  ['lists in counts', `${repeated('a/$count($filter=', 800)}a`],
  ['operators in a row', `a${repeated(' add a', 2_700)}`],
])('refuses a pile of %s without running out of stack', (_, source) => {
  expect(meaning(source)).toMatch(tooDeep);
});

test('reads a hundred levels less some, which no person needs', () => {
  expect(meaning(`${repeated('(', 90)}a${repeated(')', 90)}`)).toBe('a');
});

test('refuses an option of more than 64 KiB', () => {
  expect(meaning(`a eq '${repeated('x', 70_000)}'`)).toMatch(tooDeep);
});

test('is not changed by what it refused: the next request means what it meant', () => {
  const ordinary = ["tags/any(t:t eq 'x')", 'items/$count gt 2', 'stock gt 0'];
  const before = ordinary.map(meaning);
  for (const hostile of [`tags/any(t:${repeated('(', 3_000)}`, "a eq '", 'tags/any(t:t/any(', '(((('])
    meaning(hostile);
  expect(ordinary.map(meaning)).toEqual(before);
  expect(before).toEqual(["tags/any(t: (t eq 'x'))", '(items/$count gt 2)', '(stock gt 0)']);
});

test('refuses paths of many segments', () => {
  expect(() => parseUrl(repeated('/a(1)', 1_200), '')).toThrow('at most 32 segments');
});

/** @returns how much longer eight times the work takes, at its best of several tries */
function growth(work: (size: number) => void, size: number): number {
  const best = (n: number) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 7; i++) {
      const start = performance.now();
      work(n);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  };
  best(size * 8);
  // A machine that is busy in one try is not in all of them; a quadratic parser is quadratic in every one.
  return Math.min(...Array.from({ length: 3 }, () => best(size * 8) / best(size)));
}

const attempt = (work: () => unknown): void => {
  try {
    work();
  } catch {}
};

test.each<readonly [string, (size: number) => string]>([
  ['terms', size => Array.from({ length: size }, (_, i) => `id eq ${i}`).join(' or ')],
  ['list items', size => `id in (${Array.from({ length: size }, (_, i) => i).join(',')})`],
  ['a long path', size => `a${repeated('/abc', size)} eq 1`],
  ['a long string', size => `a eq '${repeated("x''", size)}'`],
  ['a long name', size => repeated('abc', size)],
  ['unclosed quotes', size => `a eq '${repeated("''", size)}`],
  ['digits', size => repeated('1', size)],
  ['dots', size => repeated('a.', size)],
  ['colons', size => repeated('08:', size)],
])('needs no more than proportional time for %s', (_, source) => {
  // Eight times the text: 8 is linear, 64 quadratic.
  expect(growth(size => attempt(() => parse(source(size))), 500)).toBeLessThan(32);
});

test('needs no more than proportional time to split a query', () => {
  const query = (size: number) => repeated("$filter=a eq 'x&", size) + repeated('x=1&', size);
  expect(growth(size => attempt(() => parseUrl('/products', query(size))), 500)).toBeLessThan(32);
});

test('refuses to write out stars, levels and aliases without end', () => {
  const aliases = '@a=@b and @b and @b&@b=@c and @c and @c&@c=@a';
  const { options } = parseUrl('', `$filter=@a&${aliases}`);
  expect(options.get('$filter')?.text).toBe('@a');
  const parsed = parseOptions(parseUrl('', `$expand=${repeated('*($expand=', 90)}*${repeated(')', 90)}`));
  expect(parsed.expand).toHaveLength(1);
});

test('reads keys of any length as one segment', () => {
  const [segment] = parsePath(parseUrl(`/a('${repeated('x/', 4_000)}')`, '').segments);
  expect(segment?.key?.[0]?.value).toMatchObject({ type: 'string' });
});

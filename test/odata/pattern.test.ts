// `matchesPattern` reads patterns as ECMAScript does (OData 4.01 Part 2, 5.1.1.7.1), also where PostgreSQL's own reading differs.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;

const texts = [
  ...['', 'a', 'ab', 'a\nb', 'a\rb', 'a\u2028b', 'a\u2029b', 'a\u0085b', '\n', 'b\n', 'a\u00a0b', 'a b'],
  ...[
    'é',
    'aéb',
    'é1',
    '٣',
    'a_b',
    'a-b',
    'a\ufeffb',
    'A1',
    '^$',
    '[x]',
    'a\tb',
    'a\vb',
    'a\u200bb',
    '0',
    'ab ab',
  ],
];

const server = serverForFile();
beforeAll(async () => {
  get = client(server);
  await server.database.query(
    `INSERT INTO "Supplier" (code, name, country) SELECT 'c' || n, name, 'XX' FROM unnest($1::text[]) WITH ORDINALITY AS t(name, n)`,
    [texts],
  );
});

async function found(pattern: string): Promise<unknown> {
  const literal = `'${pattern.replaceAll("'", "''")}'`;
  const reply = await get(
    `/suppliers?$select=name&$filter=${encodeURIComponent(`matchesPattern(name,${literal})`)}`,
  );
  return reply.status === 200 ? pluck(reply, 'name') : reply.text;
}

test.each([
  'a.b',
  '^.$',
  '^.*$',
  '.',
  '[^a]',
  '^a\\sb$',
  '\\w',
  '^\\w+$',
  '\\W',
  '\\d',
  '^\\D$',
  '\\S',
  '\\bb',
  '\\Bb',
  '[\\s]',
  '[^\\S]',
  '[\\W]',
  '[^\\D\\w-]',
  '[\\w.-]+',
  '[.]',
  'b$',
  '$',
])('the pattern %s finds what it finds in ECMAScript', async pattern => {
  expect(await found(pattern)).toEqual(texts.filter(text => new RegExp(pattern, 'u').test(text)));
});

const item = fc.constantFrom(
  '.',
  'a',
  'b',
  '\\s',
  '\\S',
  '\\w',
  '\\W',
  '\\d',
  '\\D',
  '\\b',
  '\\B',
  '[^a]',
  '[\\Wa]',
  '[\\S]',
  '\\n',
);
const repeated = fc.tuple(item, fc.constantFrom('', '', '*', '+', '?', '{1,2}', '*?'));
const pattern = fc
  .array(repeated, { minLength: 1, maxLength: 5 })
  .map(parts => parts.map(([one, times]) => (/^\\b$/i.test(one) ? one : one + times)).join(''));

test('patterns put together at random find what they find in ECMAScript', async () => {
  await fc.assert(
    fc.asyncProperty(pattern, fc.boolean(), fc.boolean(), async (inner, begins, ends) => {
      const whole = `${begins ? '^' : ''}${inner}${ends ? '$' : ''}`;
      expect(await found(whole), whole).toEqual(texts.filter(text => new RegExp(whole, 'u').test(text)));
    }),
    { numRuns: 150 },
  );
});

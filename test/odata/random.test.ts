// Requests put together at random: whatever they say, the answer is rows or a reason.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

const words = [
  ...[
    'name',
    'stock',
    'price',
    'weight',
    'active',
    'tags',
    'attributes',
    'createdAt',
    'category',
    'orderItems',
    'label',
  ],
  ...[
    'category/name',
    'orderItems/$count',
    'tags/any(t:t eq ',
    'collections/all(c:c/id gt ',
    '$it/id',
    '@p',
    't',
    'sheet/preview',
  ],
  ...[
    ' and ',
    ' or ',
    ' not ',
    ' eq ',
    ' ne ',
    ' gt ',
    ' le ',
    ' in ',
    ' add ',
    ' div ',
    ' mod ',
    '-',
    '(',
    ')',
    ',',
    '/',
  ],
  ...[
    '1',
    '0',
    '2.5',
    '1e9',
    '99999999999999999999',
    "'x'",
    "'2026-01-31'",
    'null',
    'true',
    'INF',
    'NaN',
    '2026-01-31',
    '08:00:00',
  ],
  ...[
    '2026-01-31T08:00:00Z',
    '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10',
    "binary'AQI'",
    "Portolan.Season'SUMMER'",
    "duration'P1D'",
  ],
  ...[
    'contains(',
    'length(',
    'year(',
    'round(',
    'concat(',
    'substring(',
    'indexof(',
    'date(',
    'now()',
    'hassubset(',
    '[1]',
  ],
  ...[
    'case(',
    'true:',
    'cast(',
    'isof(',
    ',Edm.String)',
    ',Edm.Int32)',
    'Portolan.Product',
    'matchesPattern(',
    "'^[a-c]+$'",
    'totalseconds(',
    'fractionalseconds(',
    'mindatetime()',
    "duration'-PT1.5S'",
    ' divby ',
    ' sub ',
    '$this',
    '$root/products(1)/',
    'tags/$filter(',
    '/any()',
    '/$count($filter=',
    ';$search=steel)',
    '{"a":1}',
    '@p/',
    ' as x',
  ],
];
const value = fc.constantFrom(
  'name',
  'stock',
  'price',
  'weight',
  'createdAt',
  "'x'",
  '1',
  '2.5',
  'null',
  'true',
  'now()',
  'tags',
  "duration'PT1H'",
  'category/name',
  '$it/stock',
);
const operator = fc.constantFrom(
  'eq',
  'ne',
  'lt',
  'ge',
  'add',
  'sub',
  'mul',
  'div',
  'divby',
  'mod',
  'and',
  'or',
);
const call = fc.constantFrom(
  ...['length', 'year', 'round', 'tolower', 'date', 'time', 'trim', 'floor', 'hour', '-', 'not '],
  ...['totalseconds', 'fractionalseconds', 'totaloffsetminutes'],
);
const type = fc.constantFrom(
  'String',
  'Int32',
  'Int64',
  'Decimal',
  'Double',
  'Date',
  'Boolean',
  'Guid',
  'Duration',
);
const wellFormed = fc.letrec<{ any: string }>(tie => ({
  any: fc.oneof(
    { maxDepth: 4 },
    value,
    fc.tuple(tie('any'), operator, tie('any')).map(parts => `(${parts.join(' ')})`),
    fc.tuple(call, tie('any')).map(([name, argument]) => `${name}(${argument})`),
    fc.tuple(tie('any'), tie('any')).map(args => `concat(${args})`),
    fc.tuple(tie('any'), type).map(([item, name]) => `cast(${item},Edm.${name})`),
    fc.tuple(tie('any'), type).map(([item, name]) => `isof(${item},Edm.${name})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([when, a, b]) => `case(${when}:${a},true:${b})`),
    fc.tuple(tie('any'), tie('any')).map(args => `substring(${args})`),
    tie('any').map(inner => `(${inner} in (1,null,'x'))`),
    tie('any').map(inner => `tags/$count($filter=$this ne 'x' and ${inner})`),
    tie('any').map(inner => `$root/products(1)/stock add ${inner}`),
    tie('any').map(inner => `not (${inner})`),
    tie('any').map(inner => `orderItems/any(i:i/quantity gt 1 and ${inner})`),
  ),
})).any;
const babble = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map(parts => parts.join(''));

const reasons = [200, 400, 501];

test.each([
  ['$filter', fc.oneof(babble, wellFormed, fc.string())],
  ['$orderby', fc.oneof(babble, wellFormed)],
  [
    '$compute',
    fc.oneof(
      babble,
      wellFormed.map(inner => `${inner} as x`),
    ),
  ],
  ['$expand', fc.oneof(babble, fc.string())],
  ['$select', fc.oneof(babble, fc.string())],
] as const)('%s never meets an error that nobody thought of', async (option, source) => {
  await fc.assert(
    fc.asyncProperty(source, async text => {
      const reply = await get(`/products?$top=1&@p=1&${option}=${encodeURIComponent(text.toWellFormed())}`);
      expect(reasons, `${reply.status} ${reply.text}`).toContain(reply.status);
    }),
    { numRuns: 250 },
  );
});

test('nor does a path', async () => {
  const part = fc.constantFrom(
    'products',
    '(1)',
    "(sku='x')",
    '/',
    'name',
    '$count',
    '$value',
    'category',
    'orderItems',
    '(',
    ')',
    "'",
    '%2F',
    '1',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async parts => {
      const reply = await get(`/${parts.join('')}`);
      expect([...reasons, 204, 404], `${reply.status} ${reply.text}`).toContain(reply.status);
    }),
    { numRuns: 250 },
  );
});

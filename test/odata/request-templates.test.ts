// A request whose plan is taken over from another must be answered as if it were prepared on its own.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/errors.ts';
import type { Principal } from '../../src/base/principal.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import type { Service } from '../../src/odata/model/service.ts';
import { createReader } from '../../src/odata/reader.ts';
import type { Engine } from '../../src/query/engine.ts';
import { principalWith } from '../graphql/both-paths.ts';
import { serverForFile } from '../harness.ts';

const principal = principalWith('read', 'products.cost:read', 'customers.contact:read');
let service: Service;
let prepared = 0;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  const engine: Engine = {
    ...server.engine,
    prepare: (...args) => {
      prepared += 1;
      return server.engine.prepare(...args);
    },
  };
  const { database, config } = server;
  service = { engine, database, config } as unknown as Service;
});

type Reader = ReturnType<typeof createReader>;
type Headers = Record<string, string>;

/** Everything that the caller is told. */
async function told(reader: Reader, address: string, headers: Headers = {}, by: Principal = principal) {
  const url = `http://localhost/odata/${address}`;
  const request = new FetchIncoming(new Request(url, { headers }), '192.0.2.7');
  try {
    return await reader(request, by, {});
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, hint, target, at, details } = error;
    return { code, message, hint, target, at, details };
  }
}

const alone = (address: string, headers?: Headers, by?: Principal) =>
  told(createReader(service), address, headers, by);

async function preparing(work: () => Promise<unknown>): Promise<number> {
  const before = prepared;
  await work();
  return prepared - before;
}

/** With a value where each # stands. */
const shapes = [
  'products(#)',
  'products(#)?$select=id,name&$expand=category($select=name)',
  'products(#)/category',
  'products(#)/orderItems?$select=id&$top=3',
  'products(#)/orderItems?$filter=quantity gt #&$select=id&$top=3',
  'products(#)/orderItems(#)',
  'products(#)/name',
  'products(#)/name/$value',
  'products(#)/orderItems/$count',
  'products(#)/orderItems/$ref',
  'products?$filter=id gt #&$top=2',
  'products?$filter=id gt #&$count=true&$top=2&$orderby=name desc',
  'products?$top=2&$filter=# lt stock and name ne #',
  'products?$filter=price eq # or not (weight le #)&$top=2&$select=id,price,weight',
  'products?$filter=createdAt gt #&$top=2',
  'products?$filter=active eq #&$top=1',
  'products?$filter=name eq # and id in (#,#)&$top=3',
  'products?$filter=contains(name,#)&$top=2',
  'products?$filter=stock add # gt #&$top=2',
  'products?$filter=category/name eq #&$top=2',
  'products?$filter=tags/any(t:t eq #)&$top=2',
  'products?$filter=orderItems/$count gt #&$top=2',
  'products?$filter=orderItems/any(i:i/quantity gt # and i/id lt #)&$top=2',
  'products?$filter=# eq #&$top=2',
  'products?$filter=id eq -#&$top=2',
  'products?$filter=nothing eq #',
  'products?$filter=attributes eq #&$top=2',
  'products?$filter=stock gt @p&@p=#&$top=2',
  'products?$orderby=stock gt # desc,id&$filter=id lt #&$top=2',
  'products/$filter(stock gt #)?$top=2',
  'products/$filter(@f)?@f=stock gt #&$top=2',
  'products/$count?$filter=id gt #',
  'products?$apply=filter(stock gt #)/aggregate($count as n)',
  'products?$compute=stock add # as more&$filter=more gt #&$top=2',
  'products?$search=a&$filter=id gt #&$top=2',
  'products?$expand=orderItems($filter=quantity gt #;$top=1)&$filter=id lt #&$top=2',
  'orders?$filter=status eq #&$top=2',
  "orders?$filter=status eq Portolan.OrderStatus'paid' and id gt #&$top=2",
  'stockLevels(warehouseId=#,productId=#)',
  'products?$filter=id gt #&$top=2&$format=csv',
  'products?$filter=id%20gt+#&top=#',
] as const;

const values = [
  ...['0', '1', '2', '7', '007', '100', '2147483647', '2147483648', '999999999', '9223372036854775808', '1'],
  ...['1', '3', '5', '12', '1.5', '0.10', '1e3', 'null', 'true', '-5', '-1.5', 'INF', '5L', '1.', ''],
  ...[
    "'x'",
    "'a&b'",
    "'it''s'",
    "''",
    "'%25_'",
    "'a%2Fb'",
    "'%00'",
    "'%ED%A0%80'",
    "'#'",
    "'%20 %2B+'",
    "'Ä'",
  ],
  ...["'true'", "'paid'", "'pending'", "'2026-01-31'", "'", "'%27", "'@p'", "'x' or id gt 1", "'$search'"],
  ...['2026-01-31', '2026-02-30', '2026-01-31T00:00:00Z', '2026-01-31T00:00:00', '08:30:00', 'name', '@p'],
  ...['3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10', "duration'PT1H'", "'%5Cud800'", '(1)', '1)/orderItems(2'],
] as const;

const dates = ['2026-01-31', '2025-12-01', '2026-02-30', '0000-00-00'];

const quoted = (text: string): string => `'${encodeURIComponent(text.toWellFormed().replaceAll("'", "''"))}'`;

const headersOf: readonly Headers[] = [
  {},
  {},
  { 'odata-maxversion': '4.01' },
  { prefer: 'maxpagesize=1' },
  { accept: 'application/json;odata.metadata=full;IEEE754Compatible=true' },
  { prefer: 'track-changes,omit-values=nulls' },
];

const filled = (shape: string, given: readonly string[]): string => {
  let next = 0;
  return shape.replace(/#/g, () => (given[next++ % given.length] as string).replaceAll('#', '%23'));
};

describe('a request that is like another', () => {
  test('is answered as if it were the first, whatever its values', async () => {
    const kept = createReader(service);
    let spared = 0;
    const digits = fc.nat(2_000).map(String);
    const text = fc.string({ unit: 'binary', maxLength: 8 }).map(quoted);
    const kinds = [digits, digits, text, fc.constantFrom(...dates), fc.constantFrom(...values)];
    const several = fc
      .constantFrom(...kinds)
      .chain(value =>
        fc.array(fc.array(value, { minLength: 2, maxLength: 3 }), { minLength: 3, maxLength: 5 }),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shapes),
        several,
        fc.constantFrom(...headersOf),
        async (shape, all, headers) => {
          for (const given of [all[0]!, ...all, [values[shape.length % values.length]!, '1']]) {
            const address = filled(shape, given);
            let found: unknown;
            const made = await preparing(async () => {
              found = await told(kept, address, headers);
            });
            const own = await preparing(async () => {
              const expected = await alone(address, headers);
              expect(shown(found), address).toEqual(shown(expected));
            });
            if (made < own) spared += 1;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(spared).toBeGreaterThan(200);
  });

  test.each([
    ['products(1)', 'products(2)'],
    ['products(1)/orderItems?$top=3', 'products(99999)/orderItems?$top=3'],
    ['products?$filter=id gt 3&$top=2', 'products?$filter=id gt 4&$top=2'],
    ["products?$filter=id eq 7 and name eq 'x'", "products?$filter=id eq 8 and name eq 'it''s'"],
    ["products?$filter=tags/any(t:t eq 'a')", "products?$filter=tags/any(t:t eq 'b')"],
  ])('is not prepared again where only values differ: %s', async (one, two) => {
    const kept = createReader(service);
    await told(kept, one.replace(/\d/, '5'));
    await told(kept, one);
    expect(await preparing(() => told(kept, two))).toBe(0);
    expect(await told(kept, two)).toEqual(await alone(two));
  });

  test('is prepared anew where a value shapes it', async () => {
    const kept = createReader(service);
    for (const n of [1, 2, 3]) await told(kept, `products?$filter=id gt ${n}&$top=2`);
    for (const other of ['null', '2147483648', '1.5', "'x'", "'\0'", '-1'])
      expect(
        await preparing(() => told(kept, `products?$filter=id gt ${other}&$top=2`)),
        other,
      ).toBeGreaterThan(0);
    for (const n of [1, 2, 3]) await told(kept, `products?$filter=price gt ${n}.5&$top=2`);
    expect(await preparing(() => told(kept, 'products?$filter=price gt 4.5&$top=2'))).toBe(0);
    expect(await preparing(() => told(kept, "products?$filter=price gt '4.5'&$top=2"))).toBe(1);
  });

  test('is not shared with callers who can read less', async () => {
    const kept = createReader(service);
    const address = (n: number) => `products?$filter=cost gt ${n}&$select=id,cost&$top=2`;
    for (const n of [1, 2, 3]) expect(await told(kept, address(n))).toMatchObject({ status: 200 });
    const lesser = principalWith('read');
    const found = await told(kept, address(4), {}, lesser);
    expect(found).not.toHaveProperty('status');
    expect(found).toEqual(await alone(address(4), {}, lesser));
    expect(await preparing(() => told(kept, address(5)))).toBe(0);
  });
});

/** Delta links are sealed anew each time, and tell nothing of the request. */
const shown = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer ?? null, (_, part) => (typeof part === 'bigint' ? String(part) : part)).replace(
      /deltatoken=[\w-]+/g,
      'deltatoken=',
    ),
  );

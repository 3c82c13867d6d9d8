// An operation whose plan is taken over from another must be what it would be if it were prepared on its own.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitDefaults } from '../../src/base/config/config.ts';
import { DocumentCache } from '../../src/graphql/document/document-cache.ts';
import { parseGraphql } from '../../src/graphql/document/parse-graphql.ts';
import type { PreparedOperation } from '../../src/graphql/operation/prepared-operation.ts';
import { createGraphqlApi } from '../../src/graphql/operation/prepared-schema.ts';
import { platform } from '../../src/graphql/platform/platform.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import type { Engine } from '../../src/query/engine.ts';
import { principalWith } from './both-paths.ts';
import { randomOperation } from './random-operation.ts';
import { catalog } from './translated.ts';

const principal = principalWith('read', 'products.cost:read', 'customers.contact:read');
const real = createEngine({
  catalog,
  database: {} as never,
  limits: limitDefaults,
  cursorSecret: Buffer.alloc(32, 1),
});

interface Side {
  readonly prepare: (text: string, variables: object) => PreparedOperation;
  /** How often the waist has prepared a read. */
  readonly prepared: () => number;
}

/** Building a schema takes longer than all else here; what is learnt is learnt of documents, and each side has its own. */
function countingDoor() {
  let prepared = 0;
  const engine: Engine = {
    ...real,
    prepare: (...args) => {
      prepared += 1;
      return real.prepare(...args);
    },
  };
  const api = createGraphqlApi({ engine, platform, limits: limitDefaults });
  return { api, prepared: () => prepared };
}

const [keeping, forgetting] = [countingDoor(), countingDoor()];

function side({ api, prepared } = keeping): Side {
  const documents = new DocumentCache(api.limits, {
    name: 'graphql',
    parse: source => parseGraphql(source, api.limits),
  });
  const request = { principal, format: 'strings' } as const;
  return {
    prepare: (text, variables) =>
      api.prepareText(documents, { ...request, text, variables: variables as Record<string, unknown> }),
    prepared,
  };
}

/** Everything that running an operation depends on. */
function shown(work: () => PreparedOperation): unknown {
  try {
    return work().roots.map(root => {
      if (root.kind !== 'read') return { kind: root.kind, key: root.key };
      const { text, values, take, cardinality, page } = root.read.plan;
      return { key: root.key, text, values, take, cardinality, left: page?.left, cost: root.read.cost };
    });
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error];
    return String((first as Error).message);
  }
}

type Random = () => number;

/** Another value of the same kind, or of another, as it comes. */
function another(value: unknown, random: Random): unknown {
  if (random() < 0.4) return value;
  if (random() < 0.05) return [null, 'x', 7, true][Math.floor(random() * 4)];
  if (typeof value === 'number') return Math.floor((random() - 0.5) * 10 ** Math.floor(random() * 12));
  if (typeof value === 'boolean') return random() < 0.5;
  if (typeof value === 'string') return anotherText(value, random);
  if (Array.isArray(value)) return value.map(item => another(item, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, another(item, random)]));
}

function anotherText(value: string, random: Random): string {
  if (/^-?\d+(\.\d+)?$/.test(value)) return String(Math.floor(random() * 1e6) / 100);
  const texts = ['', 'x', 'a%b_c\\', "it's", 'Ä', 'NUL \0', '\ud800', value.toUpperCase(), `${value} more`];
  return texts[Math.floor(random() * texts.length)]!;
}

/** The same text with other numbers and strings in it. */
const anotherDocument = (text: string, random: Random): string =>
  text.replace(/(: |\[|, )(-?\d+)(?=[\],})\s])/g, (whole, before: string, digits: string) =>
    random() < 0.5 ? whole : `${before}${Math.max(0, Number(digits) + Math.floor(random() * 3))}`,
  );

describe('an operation that is like another', () => {
  test('is prepared as if it were the first, whatever its values', () => {
    let spared = 0;
    let all = 0;
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 20 }),
        (seed, numbers) => {
          let next = 0;
          const random = () => numbers[next++ % numbers.length]!;
          const first = randomOperation(catalog, seed);
          const kept = side();
          shown(() => kept.prepare(first.query, first.variables ?? {}));
          for (let round = 0; round < 4; round++) {
            const text = anotherDocument(first.query, random);
            const variables = another(first.variables ?? {}, random) as object;
            const before = kept.prepared();
            const outcome = shown(() => kept.prepare(text, variables));
            const fresh = side(forgetting);
            const begun = fresh.prepared();
            const alone = shown(() => fresh.prepare(text, variables));
            expect(outcome, `${text}\n${JSON.stringify(variables)}`).toEqual(alone);
            if (typeof alone === 'string') continue;
            all += 1;
            if (kept.prepared() === before && fresh.prepared() > begun) spared += 1;
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(all).toBeGreaterThan(100);
    expect(spared).toBeGreaterThan(5);
  }, 300_000);

  test.each<[string, object, object]>([
    ['query ($id: Int!) { product(id: $id) { id name } }', { id: 1 }, { id: 2 }],
    ['{ product(id: 1) { id name } }', {}, {}],
    [
      'query ($n: Int, $t: Int) { products(where: { stock: { gt: $n }, active: { equals: true } }, take: $t) { id } }',
      { n: 1, t: 5 },
      { n: 7, t: 5 },
    ],
    [
      'query ($n: Int) { products(where: { id: { lt: $n } }) { id } productsCount(where: { active: { equals: true } }) }',
      { n: 1 },
      { n: 2 },
    ],
    ['query ($n: Int) { productsAggregate(where: { id: { lt: $n } }) { count } }', { n: 1 }, { n: 2 }],
    [
      'query ($d: DateTime) { orders(where: { orderedAt: { gte: $d } }) { id items { id } } }',
      { d: '2026-01-01T00:00:00Z' },
      { d: '2026-02-01T00:00:00Z' },
    ],
    [
      'query ($w: ProductWhere) { products(where: $w) { id } productsCount(where: { id: { gt: 1 } }) }',
      { w: { stock: { gt: 1 }, OR: [{ id: { equals: 4 } }, { name: { equals: 'a' } }] } },
      { w: { stock: { gt: 7 }, OR: [{ id: { equals: 5 } }, { name: { equals: 'b' } }] } },
    ],
  ])('is not prepared again where only values differ: %s', (text, one, two) => {
    const kept = side();
    kept.prepare(text, one);
    const before = kept.prepared();
    const later = text.replace('id: 1)', 'id: 2)');
    kept.prepare(later, two);
    // The first of a shape is learnt under the text that it came in.
    kept.prepare(text.replace('id: 1)', 'id: 3)'), Object.keys(two).length ? one : two);
    expect(kept.prepared() - before).toBeLessThanOrEqual(text.includes('$') ? 0 : 1);
  });

  test.each<[string, object, object]>([
    ['query ($n: Int) { products(take: $n) { id } }', { n: 1 }, { n: 2 }],
    ['query ($n: Int) { products(where: { id: { lt: $n } }) { id } }', { n: 1 }, { n: null }],
    [
      'query ($n: BigInt) { stockLevels(where: { movements: { lt: $n } }) { quantity } }',
      { n: 1 },
      { n: '99999999999999999999' },
    ],
    [
      'query ($n: BigInt) { stockLevels(where: { movements: { lt: $n } }) { quantity } }',
      { n: 1 },
      { n: 5000000000 },
    ],
    ['query ($s: String) { products(where: { name: { equals: $s } }) { id } }', { s: 'a' }, { s: '\0' }],
    ['query ($s: String) { products(where: { name: { contains: $s } }) { id } }', { s: 'a' }, { s: '%' }],
    [
      'query ($w: ProductWhere) { products(where: $w) { id } }',
      { w: { id: { lt: 5 } } },
      { w: { id: { gt: 5 } } },
    ],
    ['query ($b: Boolean!) { products { id name @include(if: $b) } }', { b: true }, { b: false }],
    [
      'query ($n: Int, $b: Boolean!) { products(where: { id: { lt: $n } }) { id name @skip(if: $b) } }',
      { n: 1, b: true },
      { n: 1, b: false },
    ],
    ['query ($l: [Int!]) { products(where: { id: { in: $l } }) { id } }', { l: [1] }, { l: [1, 2] }],
    ['query ($o: SortOrder!) { products(orderBy: [{ id: $o }]) { id } }', { o: 'asc' }, { o: 'desc' }],
    [
      'query ($n: Int) { products(where: { id: { lt: $n }, stock: { gt: $n } }, take: $n) { id } }',
      { n: 3 },
      { n: 4 },
    ],
    [
      'query ($w: ProductWhere) { products(where: $w) { id } productsCount(where: $w) }',
      { w: { stock: { gt: 1 } } },
      { w: { stock: { gt: 2 } } },
    ],
    [
      'query ($w: [ProductWhere!]) { products(where: { AND: $w }) { id } }',
      { w: [{ stock: { gt: 1 } }, { id: { lt: 9 } }] },
      { w: [{ stock: { gt: 2 } }] },
    ],
    [
      'query ($w: ProductWhere) { products(where: $w) { id } }',
      { w: { name: { equals: 'A', mode: 'insensitive' } } },
      { w: { name: { equals: 'A', mode: 'default' } } },
    ],
  ])('is what it is where a value shapes it: %s', (text, one, two) => {
    const kept = side();
    kept.prepare(text, one);
    for (const variables of [two, one, two])
      expect(shown(() => kept.prepare(text, variables))).toEqual(
        shown(() => side(forgetting).prepare(text, variables)),
      );
  });

  test('is checked against the permissions of each sender, not of the first', () => {
    const api = createGraphqlApi({ engine: real, platform, limits: limitDefaults });
    const documents = new DocumentCache(api.limits, {
      name: 'graphql',
      parse: source => parseGraphql(source, api.limits),
    });
    const text = 'query ($n: Int) { products(where: { id: { lt: $n } }) { cost } }';
    const ask = (n: number, ...scopes: string[]) =>
      api.prepareText(documents, {
        text,
        variables: { n },
        principal: principalWith(...scopes),
        format: 'strings',
      });
    ask(1, 'read', 'products.cost:read');
    ask(2, 'read', 'products.cost:read');
    expect(() => ask(3, 'read')).toThrow(expect.objectContaining({ code: 'SCOPE_MISSING' }));
  });
});

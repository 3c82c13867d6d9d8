// Texts that differ in their literals only are prepared from one document; it must be as if each had been parsed.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DocumentCache } from '../../src/graphql/document/document-cache.ts';
import { parseGraphql } from '../../src/graphql/document/parse-graphql.ts';
import { splitLiterals } from '../../src/graphql/document/split-literals.ts';
import { principalWith } from './both-paths.ts';
import { randomOperation } from './random-operation.ts';
import { api, catalog, recorded } from './translated.ts';

const newDocuments = (name: string) =>
  new DocumentCache(api.limits, { name, parse: source => parseGraphql(source, api.limits) });

const principal = principalWith('read');
let caches = 0;

/** @returns what the waist is given for a text, after others of its kind, or the error */
function outcome(text: string, variables: object | undefined, documents: DocumentCache): string {
  try {
    const request = {
      text,
      variables: variables as Record<string, unknown>,
      principal,
      format: 'strings',
    } as const;
    return JSON.stringify(recorded(() => api.prepareText(documents, request)));
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    return errors.map(each => `${each.message} ${each.at ?? each.positions}`).join('\n');
  }
}

const afterSibling = (sibling: string, text: string, variables?: object): string => {
  const documents = newDocuments(`shapes ${++caches}`);
  outcome(sibling, variables, documents);
  return outcome(text, variables, documents);
};
const alone = (text: string, variables?: object): string =>
  outcome(text, variables, newDocuments(`alone ${++caches}`));

describe('a shape', () => {
  test.each([
    ['{ a1(x: 5, y: "b", z: -1.5e3) } # 7', '{ a1(x: 0, y: "", z: 0.0) } ', ['5', 'b', '-1.5e3']],
    ['{ a(x: """b "c" # \\""" d""") }', '{ a(x: "") }', ['b "c" # """ d']],
    ['{ a(x: "\\u00e9\\n\\"") }', '{ a(x: "") }', ['é\n"']],
    ['query($v1: Int) { _2: a3(x: $v1) }', 'query($v1: Int) { _2: a3(x: $v1) }', []],
  ])('has no literals of its own: %s', (text, shape, values) => {
    const split = splitLiterals(text)!;
    expect(split.shape).toBe(shape);
    expect(split.literals.map(literal => 'value' in literal && literal.value)).toEqual(values);
  });

  test.each(['{ a(x: "\\q") }', '{ a(x: "\\uD800") }'])('is not made of malformed strings: %s', text => {
    expect(splitLiterals(text)).toBeUndefined();
  });
});

describe('prepared from a sibling', () => {
  test.each([
    ['{ product(id: 1) { id } }', '{ product(id: 2) { id } }'],
    ['{ product(id: 1) { id } }', '{ product(id: 2147483648) { id } }'],
    ['{ product(id: 1) { id } }', '{ product(id: 01) { id } }'],
    ['{ product(id: 1) { id } }', '{ product(id: 1a) { id } }'],
    ['{ product(id: 1) { id } }', '{ product(id: 1.0) { id } }'],
    ['{ product(sku: "a") { id } }', '{ product(sku: "b # \\" {") { id } }'],
    ['{ product(sku: "a") { id } }', '{ product(sku: "b) { id } }'],
    [
      '{ products(where: { createdAt: { gt: "2026-01-01" } }) { id } }',
      '{ products(where: { createdAt: { gt: "never" } }) { id } }',
    ],
    [
      '{ products(where: { attributes: { equals: { a: 1 } } }) { id } }',
      '{ products(where: { attributes: { equals: { a: 2 } } }) { id } }',
    ],
    [
      '{ products(where: { attributes: { equals: [1, "a"] } }) { id } }',
      '{ products(where: { attributes: { equals: [2, "b"] } }) { id } }',
    ],
    [
      '{ products { a: orderItems(take: 1) { id } a: orderItems(take: 1) { price } } }',
      '{ products { a: orderItems(take: 1) { id } a: orderItems(take: 2) { price } } }',
    ],
    ['query($n: Int = 1) { products(take: $n) { id } }', 'query($n: Int = 2) { products(take: $n) { id } }'],
    [
      '{ products(where: { tags: { hasSome: ["a"] } }) { id } }',
      '{ products(where: { tags: { hasSome: ["b"] } }) { id } }',
    ],
    ['{ products(where: { id: { in: 1 } }) { id } }', '{ products(where: { id: { in: 2 } }) { id } }'],
    [
      '{ products(where: { name: { gt: "a", lt: null } }) { id } }',
      '{ products(where: { name: { gt: "abc", lt: null } }) { id } }',
    ],
  ])('a text means what it means alone: %s, then %s', (sibling, text) => {
    expect(afterSibling(sibling, text)).toBe(alone(text));
  });

  test('a random text means what it means alone', () => {
    const property = fc.property(fc.integer(), fc.integer({ min: 0, max: 999 }), (seed, number) => {
      const { query, variables } = randomOperation(catalog, seed);
      const sibling = query
        .replace(/(?<=[ [])-?\d+(?=[ ,\])])/g, String(number))
        .replace(/"e"|"a"/g, '"other"');
      fc.pre(sibling !== query);
      expect(afterSibling(sibling, query, variables ?? undefined)).toBe(alone(query, variables ?? undefined));
    });
    fc.assert(property, { numRuns: 500, endOnFailure: true });
  });

  test('a text does not need to be parsed', () => {
    let parsed = 0;
    const documents = new DocumentCache(api.limits, {
      name: 'counting',
      parse: source => {
        parsed++;
        return parseGraphql(source, api.limits);
      },
    });
    for (let id = 0; id < 5; id++) outcome(`{ product(id: ${id}) { id } }`, undefined, documents);
    expect(parsed).toBe(1);
  });
});

test('keeps syntaxes apart, though a text be known in the other', () => {
  const loose = new DocumentCache(api.limits, {
    name: 'loose',
    parse: source => parseGraphql(Object.assign(source, { body: `{${source.body}}` }), api.limits),
  });
  const text = 'product(id: 1) { id }';
  expect(outcome(text, undefined, loose)).toContain('Product');
  expect(outcome(text, undefined, newDocuments('strict'))).toContain('Syntax Error');
});

import fc from 'fast-check';
import { Kind, type OperationDefinitionNode, print, Source } from 'graphql';
import { describe, expect, test } from 'vitest';
import { anglesToBraces } from '../../src/query-api/angle-brackets.ts';
import { parseQuery } from '../../src/query-api/parse-query.ts';
import { api } from '../graphql/translated.ts';

const parsed = (text: string) => parseQuery(new Source(text), api.schema, api.limits);
const head = (text: string) =>
  print({ ...(parsed(text).definitions[0] as OperationDefinitionNode) })
    .split('{')[0]!
    .trim();

describe('angle brackets', () => {
  test('become braces outside strings and comments only', () => {
    expect(anglesToBraces('a<b(x: "<>\\"<" y: """ < \\""" < """)> # <\n<')).toBe(
      'a{b(x: "<>\\"<" y: """ < \\""" < """)} # <\n{',
    );
  });

  test('never move anything', () => {
    const piece = fc.constantFrom('<', '>', '"', '"""', '\\', '#', '\n', 'a', ' ', '\\"');
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const text = pieces.join('');
        const turned = anglesToBraces(text);
        expect(turned.length).toBe(text.length);
        expect(turned.replaceAll('{', '<').replaceAll('}', '>')).toBe(text);
      }),
    );
  });
});

describe('offsets', () => {
  test('are those of the text as it was written', () => {
    const text = '  a: products<\n  name>';
    const [operation] = parsed(text).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    const [products] = operation.selectionSet.selections;
    expect(products?.loc?.start).toBe(2);
    if (products?.kind !== Kind.FIELD) throw new Error('no field');
    expect(products.selectionSet?.selections[0]?.loc?.start).toBe(text.indexOf('name'));
  });
});

describe('variables', () => {
  test.each([
    ['product(id: $a) { id }', 'query ($a: Int)'],
    ['products(where: { price: { in: $a, gt: $b } }) { id }', 'query ($a: [Decimal!], $b: Decimal)'],
    ['products(where: { price: { in: [$a] } }) { id }', 'query ($a: Decimal!)'],
    ['products(where: $a, orderBy: $b) { id }', 'query ($a: ProductWhere, $b: [ProductOrderBy!])'],
    ['products(orderBy: [{ category: { name: $a } }]) { id }', 'query ($a: SortOrder!)'],
    ['products { id @skip(if: $a) }', 'query ($a: Boolean!)'],
    ['a: product(id: $a) { id } products(where: { id: { in: [$a] } }) { id }', 'query ($a: Int!)'],
    ['products { ...F } fragment F on Product { orderItems(take: $a) { id } }', 'query ($a: Int)'],
    ['{ product(id: $a) { id } }', 'query ($a: Int)'],
  ])('of %s are declared', (text, declared) => {
    expect(head(text)).toBe(declared);
  });

  test('that a document declares itself are left alone', () => {
    expect(head('query($a: Int!) { product(id: $a) { id } }')).toBe('query ($a: Int!)');
  });
});

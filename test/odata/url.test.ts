import { describe, expect, test } from 'vitest';
import { parseUrl } from '../../src/odata/url/url.ts';

const optionsOf = (query: string) =>
  Object.fromEntries([...parseUrl('', query).options].map(([name, part]) => [name, part.text]));
const segmentsOf = (path: string) => parseUrl(path, '').segments.map(part => part.text);

describe('options', () => {
  test('are decoded after splitting, a plus sign being a space', () => {
    expect(optionsOf("%24filter=name+eq+'a%26b%3Dc%2B'&%24top=1")).toEqual({
      $filter: "name eq 'a&b=c+'",
      $top: '1',
    });
  });

  test('may come without the dollar sign and in any case', () => {
    expect(optionsOf('Filter=a&$ORDERBY=b&top=1')).toEqual({ $filter: 'a', $orderby: 'b', $top: '1' });
  });

  test('may hold an ampersand inside quotes', () => {
    expect(optionsOf("$filter=name eq 'a&b' and x&$top=1")).toEqual({
      $filter: "name eq 'a&b' and x",
      $top: '1',
    });
    expect(optionsOf('$filter=name eq %27a&b%27&$top=1')).toEqual({ $filter: "name eq 'a&b'", $top: '1' });
  });

  test('are not swallowed by a stray quote in another', () => {
    expect(optionsOf("find=O'Neil&$filter=name eq 'a'")).toEqual({ $filter: "name eq 'a'" });
    expect(optionsOf("$filter=name eq 'O&$top=1")).toEqual({ $filter: "name eq 'O", $top: '1' });
    expect(optionsOf("$search=Daniel's&$filter=name eq 'a'")).toEqual({
      $search: "Daniel's",
      $filter: "name eq 'a'",
    });
  });

  test('of the client itself are passed over', () => {
    expect(optionsOf('foo=1&!special&=&&api_key=k&$top=1')).toEqual({ $top: '1' });
  });

  test('given twice are refused, however they are spelt', () => {
    expect(() => optionsOf('$top=1&$top=2')).toThrow('$top is specified twice');
    expect(() => optionsOf('$top=1&Top=2')).toThrow('$top is specified twice');
    expect(() => optionsOf('@p=1&@p=2')).toThrow('@p is specified twice');
  });

  test('unknown ones with a dollar sign are refused, with the nearest known', () => {
    expect(() => optionsOf('$fliter=a')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: 'Did you mean "$filter"?' }),
    );
    expect(() => optionsOf('$filter =a')).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });

  test('with broken encoding are refused', () => {
    for (const query of ['$filter=%', '$filter=%zz', '$filter=%C3', '%ff=1']) {
      expect(() => optionsOf(query)).toThrow(expect.objectContaining({ code: 'SYNTAX_ERROR' }));
    }
  });

  test('know where their text begins in path, question mark and query', () => {
    const url = parseUrl('/products', '$top=1&@p=2&$filter=a');
    expect(url.options.get('$top')?.at).toBe('/products?$top='.length);
    expect(url.options.get('$filter')?.at).toBe('/products?$top=1&@p=2&$filter='.length);
    expect(url.aliases.get('@p')).toMatchObject({ text: '2', at: '/products?$top=1&@p='.length });
  });
});

describe('paths', () => {
  test('are split at slashes, and decoded then', () => {
    expect(segmentsOf('/products(1)/name')).toEqual(['products(1)', 'name']);
    expect(segmentsOf('/products%28%27a%2Fb%27%29/name')).toEqual(["products('a/b')", 'name']);
    expect(segmentsOf("/products(sku='a+b%20c')")).toEqual(["products(sku='a+b c')"]);
  });

  test('may hold a slash inside quotes', () => {
    expect(segmentsOf("/products(sku='a/b')/name")).toEqual(["products(sku='a/b')", 'name']);
    expect(segmentsOf("/O'Neil/x('y')")).toEqual(["O'Neil", "x('y')"]);
  });

  test('may end with a slash', () => {
    expect(segmentsOf('')).toEqual([]);
    expect(segmentsOf('/')).toEqual([]);
    expect(segmentsOf('/products/')).toEqual(['products']);
  });
});

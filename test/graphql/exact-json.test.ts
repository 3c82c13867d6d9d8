import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looseNumber, numberText, parseExactJson } from '../../src/base/exact-json.ts';

describe('exact JSON', () => {
  test.each([
    '12345678901234567890.123',
    '9007199254740993',
    '9999999999999999',
    '0.1234567890123456789',
    '1e400',
    '-1e-400',
  ])('keeps every digit of %s', text => {
    expect(numberText((parseExactJson(`{"n": ${text}}`) as { n: unknown }).n)).toBe(text);
    expect(JSON.stringify(parseExactJson(`[${text}]`))).toBe(`[${text}]`);
  });

  test('gives plain numbers where a JavaScript number is enough', () => {
    expect(parseExactJson('[1, 1.50, -0.25, 100000, 123456789012345]')).toEqual([
      1, 1.5, -0.25, 100000, 123456789012345,
    ]);
    expect(looseNumber(parseExactJson('12345678901234567890'))).toBe(12345678901234567000);
  });

  test('parses everything else as JSON.parse does', () => {
    const property = fc.property(fc.json(), text => {
      expect(JSON.stringify(parseExactJson(text))).toBe(JSON.stringify(JSON.parse(text)));
    });
    fc.assert(property);
  });

  test('throws what JSON.parse throws', () => {
    expect(() => parseExactJson('{')).toThrow(SyntaxError);
    expect(() => parseExactJson('{"n": 12345678901234567890')).toThrow(SyntaxError);
  });
});

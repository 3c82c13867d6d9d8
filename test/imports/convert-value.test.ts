import { describe, expect, test } from 'vitest';
import type { ColumnField, Scalar } from '../../src/catalog/catalog.ts';
import { isFault } from '../../src/imports/convert/cell-fault.ts';
import { converterOf } from '../../src/imports/convert/value.ts';

type Options = Partial<Omit<ColumnField, 'type'>> & { readonly sqlType?: string; readonly list?: boolean };

function convert(
  scalar: Scalar,
  cell: string,
  { sqlType = 'text', list = false, ...bounds }: Options = {},
): string {
  const values = [
    { name: 'PENDING', stored: 'PENDING' },
    { name: 'InTransit', stored: 'in_transit' },
  ];
  const type = { scalar, list, sqlType, enum: { name: 'Status', sqlType: '"Status"', values } };
  const base = {
    kind: 'column',
    name: 'x',
    column: 'x',
    nullable: false,
    hasDefault: false,
    updatedAt: false,
  } as const;
  const converted = converterOf({ ...base, ...bounds, type })(cell);
  return isFault(converted) ? `${converted.code}: ${converted.message}` : converted;
}

describe('whole numbers', () => {
  test.each([
    ['7', '7'],
    [' 42 ', '42'],
    ['+5', '5'],
    ['-0', '0'],
    ['007', '7'],
    ['2147483647', '2147483647'],
    ['-2147483648', '-2147483648'],
  ])('takes %j', (cell, value) => expect(convert('Int', cell, { sqlType: 'integer' })).toBe(value));

  test.each(['1.0', '1e3', '0x10', '١', 'NaN', '1_000', '--1', '1 2', 'true', '12,5', '1,234', '€5'])(
    'refuses %j',
    cell => {
      expect(convert('Int', cell, { sqlType: 'integer' })).toMatch(/^INVALID_VALUE: Not a whole number/);
    },
  );

  test.each([
    ['Int', 'smallint', '32768'],
    ['Int', 'integer', '2147483648'],
    ['BigInt', 'bigint', '9223372036854775808'],
    ['BigInt', 'bigint', '9'.repeat(5000)],
  ] as const)('refuses what %s (%s) cannot hold', (scalar, sqlType, cell) => {
    expect(convert(scalar, cell, { sqlType })).toMatch(/^OUT_OF_RANGE: The number must lie between -/);
    expect(convert(scalar, `-${BigInt(cell) - 1n}`, { sqlType })).toMatch(
      cell.length < 20 ? /^-\d+$/ : /^OUT_OF_RANGE/,
    );
  });
});

describe('decimals', () => {
  const money = { sqlType: 'numeric', precision: 12, scale: 2 };
  test.each([
    ['12.5', '12.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0012.50', '-12.50'],
    ['+1', '1'],
    ['12.5000', '12.5'],
    ['9999999999.99', '9999999999.99'],
  ])('takes %j', (cell, value) => expect(convert('Decimal', cell, money)).toBe(value));

  test.each([
    ['1e3', 'INVALID_VALUE: Not a decimal number. Write every digit, without an exponent.'],
    ['12,50', 'INVALID_VALUE: Not a decimal number. Write a point, not a comma, before the decimals.'],
    [
      '1,234.50',
      'INVALID_VALUE: Not a decimal number. Write numbers without thousands separators, with a point before the decimals: 1234.50.',
    ],
    [
      '€ 5',
      'INVALID_VALUE: Not a decimal number. Write the number alone, without a sign for currency or percent.',
    ],
    ['.', 'INVALID_VALUE: Not a decimal number.'],
    ['', 'INVALID_VALUE: Not a decimal number.'],
    ['Infinity', 'INVALID_VALUE: Not a decimal number.'],
    [
      '1.234',
      'OUT_OF_RANGE: At most 2 digits may stand after the decimal point. Write numbers without thousands separators.',
    ],
    ['10000000000', 'OUT_OF_RANGE: At most 10 digits may stand before the decimal point.'],
  ])('refuses %j', (cell, fault) => expect(convert('Decimal', cell, money)).toBe(fault));

  test('keeps every digit where the column has no bounds', () => {
    const digits = `${'1234567890'.repeat(9)}.${'0987654321'.repeat(9)}`;
    expect(convert('Decimal', digits, { sqlType: 'numeric' })).toBe(digits);
  });
});

describe('floating-point numbers', () => {
  test.each(['1.5', '-2e-3', '.5', '1E300'])('takes %j', cell => {
    expect(convert('Float', cell, { sqlType: 'double precision' })).toBe(cell);
  });
  test.each(['NaN', 'Infinity', '1e', 'e5', '1,5'])('refuses %j', cell => {
    expect(convert('Float', cell, { sqlType: 'double precision' })).toMatch(/^INVALID_VALUE: Not a number/);
  });
  test.each([
    ['double precision', '1e400'],
    ['double precision', '1e-400'],
    ['real', '1e39'],
    ['real', '1e-60'],
  ])('refuses what %s cannot hold: %s', (sqlType, cell) => {
    expect(convert('Float', cell, { sqlType })).toMatch(/^OUT_OF_RANGE/);
  });
});

describe('other values', () => {
  test.each([
    ['Boolean', 'TRUE', 'true'],
    ['Boolean', ' no ', 'false'],
    ['Boolean', '1', 'true'],
    ['Date', '2024-02-29', '2024-02-29'],
    ['DateTime', '2026-01-02', '2026-01-02T00:00:00Z'],
    ['DateTime', '2026-01-02 03:04:05.678901+02:00', '2026-01-02T01:04:05.678901Z'],
    ['Time', '08:30', '08:30'],
    ['Uuid', '3F2A0D5C7C1E4B4E9A550A6C1A7B1F10', '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'],
    ['Enum', 'pending', 'PENDING'],
    ['Enum', 'InTransit', 'in_transit'],
    ['Enum', 'IN_TRANSIT', 'in_transit'],
    ['Json', '{"a": 1.10, "b": null}', '{"a": 1.10, "b": null}'],
    ['Json', 'null', 'null'],
    ['Json', '"\\\\u0000"', '"\\\\u0000"'],
    ['Bytes', 'AP8=', '\\x00ff'],
    ['Bytes', '_-8', '\\xffef'],
  ] as const)('%s takes %j', (scalar, cell, value) => expect(convert(scalar, cell)).toBe(value));

  test.each([
    ['Boolean', 'constructor', /^INVALID_VALUE: Not a truth value/],
    ['Boolean', 'on', /^INVALID_VALUE/],
    ['Date', '2023-02-29', /^INVALID_VALUE: Not a date\. Write the year/],
    ['Date', '31.12.2026', /^INVALID_VALUE/],
    ['Date', '12/31/2026', /^INVALID_VALUE/],
    ['DateTime', '2026-01-02T25:00:00Z', /^INVALID_VALUE: Not a date and time/],
    ['DateTime', 'yesterday', /^INVALID_VALUE/],
    ['Time', '24:00', /^INVALID_VALUE: Not a time/],
    ['Uuid', '3f2a0d5c', /^INVALID_VALUE: Not a UUID/],
    ['Enum', 'pendng', /^UNKNOWN_VALUE: There is no such value\. Did you mean "PENDING"\?$/],
    ['Enum', 'toString', /^UNKNOWN_VALUE: .*PENDING, InTransit/],
    ['Json', 'red', /^INVALID_VALUE: Not JSON/],
    ['Json', '"a\\u0000"', /^INVALID_VALUE: .*NUL/],
    ['Json', '{"\\ud800": 1}', /^INVALID_VALUE: .*half a character/],
    ['Bytes', 'ABCDE', /^INVALID_VALUE: Not bytes/],
    ['Bytes', 'A B=', /^INVALID_VALUE/],
    ['String', 'a\0b', /^INVALID_VALUE: .*NUL/],
  ] as const)('%s refuses %j', (scalar, cell, fault) => expect(convert(scalar, cell)).toMatch(fault));

  test('text is measured in characters', () => {
    expect(convert('String', '😀😀😀', { maxLength: 3 })).toBe('😀😀😀');
    expect(convert('String', 'abcd', { maxLength: 3 })).toBe('TOO_LONG: At most 3 characters fit.');
  });
});

describe('lists', () => {
  test.each([
    ['String', 'a | b|c', '{"a","b","c"}'],
    ['String', 'just one', '{"just one"}'],
    ['String', '["a|b", " c ", "", "\\"\\\\"]', '{"a|b"," c ","","\\"\\\\"}'],
    ['String', '[]', '{}'],
    ['BigInt', '[12345678901234567890]', 'OUT_OF_RANGE'],
    ['BigInt', '[1234567890123456789, "2"]', '{"1234567890123456789","2"}'],
    ['Boolean', '[true, "no"]', '{"true","false"}'],
    ['Int', '1|x', 'INVALID_VALUE: Element 2: Not a whole number.'],
    ['String', 'a||b', 'INVALID_VALUE: Element 2: The element is empty.'],
    ['String', '["a", null]', 'INVALID_VALUE: The elements'],
    ['String', '[["a"]]', 'INVALID_VALUE: The elements'],
    ['String', '["a"', 'INVALID_VALUE: Not a list'],
  ] as const)('of %s: %j', (scalar, cell, value) => {
    expect(convert(scalar, cell, { list: true }).startsWith(value)).toBe(true);
  });
});

import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { falseWords, trueWords } from '../../src/mappers/transforms/boolean.ts';
import { compileTransforms } from '../../src/mappers/transforms/compile-transforms.ts';
import {
  type Transform,
  type TransformName,
  transformSchema,
  transformSchemas,
} from '../../src/mappers/transforms/transform-schema.ts';
import { type Value, ValueFault } from '../../src/mappers/transforms/value.ts';

type Draft = v.InferInput<typeof transformSchema>;

/** @returns what the transforms make of a value; of a fault, its code */
function apply(value: Value, ...drafts: Draft[]): unknown {
  const result = compileTransforms(drafts.map(draft => v.parse(transformSchema, draft)))(value);
  return result instanceof ValueFault ? { code: result.code } : result;
}

const message = (value: string, ...drafts: Draft[]): string => {
  const result = compileTransforms(drafts.map(draft => v.parse(transformSchema, draft)))(value);
  return result instanceof ValueFault ? result.message : 'no fault';
};

const invalid = { code: 'INVALID_VALUE' };
const german = { decimal: ',', group: '.' } as const;

/** Transform, cell, what becomes of it. */
const cases: readonly (readonly [Draft, Value, unknown])[] = [
  [{ op: 'trim' }, ' a b ', 'a b'],
  [{ op: 'collapse' }, ' a \n\t b\u00a0 ', 'a b'],
  [{ op: 'lower' }, 'ÄB', 'äb'],
  [{ op: 'upper' }, 'straße', 'STRASSE'],
  [{ op: 'title' }, "LAMPE d'angelo éCLAIR", "Lampe D'angelo Éclair"],
  [{ op: 'slug' }, 'Seeds & Bulbs', 'seeds-bulbs'],
  [{ op: 'slug' }, ' Größe Łódź, Ærø! ', 'grosse-lodz-aero'],
  [{ op: 'slug' }, 'Одежда 2', 'одежда-2'],
  [{ op: 'replace', find: '.' }, 'a.b.c', 'abc'],
  [{ op: 'replace', find: 'b', with: '$&' }, 'abc', 'a$&c'],
  [{ op: 'extract', pattern: '([0-9]+)' }, 'SKU 042 x', '042'],
  [{ op: 'extract', pattern: '[a-z]+' }, '12 abc', 'abc'],
  [{ op: 'extract', pattern: '(a)(b)?', group: 2 }, 'ac', null],
  [{ op: 'extract', pattern: 'x' }, 'abc', invalid],
  [{ op: 'extract', pattern: 'x', otherwise: 'null' }, 'abc', null],
  [{ op: 'extract', pattern: 'x', otherwise: 'keep' }, 'abc', 'abc'],
  [{ op: 'extract', pattern: 'x' }, 'a'.repeat(1_001), { code: 'OUT_OF_RANGE' }],
  [{ op: 'nullIf' }, ' N/A ', null],
  [{ op: 'nullIf', words: ['keine'] }, 'n/a', 'n/a'],
  [{ op: 'nullIf', words: ['b'] }, ['a', 'B', 'c'], ['a', 'c']],
  [{ op: 'default', value: 'x' }, null, 'x'],
  [{ op: 'default', value: 'x' }, '', 'x'],
  [{ op: 'default', value: 'x' }, 'a', 'a'],
  [{ op: 'lookup', table: { Rot: 'red' } }, ' ROT ', 'red'],
  [{ op: 'lookup', table: { Rot: 'red' }, ignoreCase: false }, 'rot', { code: 'UNKNOWN_VALUE' }],
  [{ op: 'lookup', table: { Rot: null } }, 'rot', null],
  [{ op: 'lookup', table: {}, otherwise: 'null' }, 'x', null],
  [{ op: 'lookup', table: {}, otherwise: 'keep' }, 'constructor', 'constructor'],
  [{ op: 'number' }, ' 1234.50 ', '1234.50'],
  [{ op: 'number' }, '.5', '0.5'],
  [{ op: 'number' }, '12.', '12'],
  [{ op: 'number' }, '1,234', invalid],
  [{ op: 'number', ...german }, '-1.234.567,89', '-1234567.89'],
  [{ op: 'number', ...german }, '1234,5', '1234.5'],
  [{ op: 'number', ...german }, '1.2,5', invalid],
  [{ op: 'number', decimal: '.', group: ',' }, '12,34,567.8', '1234567.8'],
  [{ op: 'number', decimal: ',', group: ' ' }, '1\u202f234 567,8', '1234567.8'],
  [{ op: 'number', group: "'" }, '1’234.5', '1234.5'],
  [{ op: 'number' }, '−7', '-7'],
  [{ op: 'number' }, '1e5', invalid],
  [{ op: 'number' }, '', invalid],
  [{ op: 'number' }, '9'.repeat(500), { code: 'OUT_OF_RANGE' }],
  [{ op: 'number', shift: -3 }, '250', '0.25'],
  [{ op: 'number', shift: 2 }, '1.5', '150'],
  [{ op: 'number', shift: 2 }, '-0.001', '-0.1'],
  [{ op: 'currency' }, '$1234.50', '1234.50'],
  [{ op: 'currency', ...german }, '1.234,50 €', '1234.50'],
  [{ op: 'currency', ...german }, '5,- €', '5'],
  [{ op: 'currency', decimal: ',', group: ' ' }, '1 299,00 kr.', '1299.00'],
  [{ op: 'currency' }, '-US$ 3.10', '-3.10'],
  [{ op: 'currency' }, '€-3.10', '-3.10'],
  [{ op: 'currency' }, '3.10- EUR', '-3.10'],
  [{ op: 'currency' }, '.50', '0.50'],
  [{ op: 'currency' }, 'CHF 12', '12'],
  [{ op: 'currency' }, '12 kg', { code: 'UNKNOWN_VALUE' }],
  [{ op: 'currency', currencies: ['€', 'EUR'] }, '12 eur', '12'],
  [{ op: 'currency', currencies: ['€', 'EUR'] }, '$12', { code: 'UNKNOWN_VALUE' }],
  [{ op: 'currency', minorDigits: 2 }, '1999', '19.99'],
  [{ op: 'currency', minorDigits: 2 }, '5', '0.05'],
  [{ op: 'currency' }, 'free', invalid],
  [{ op: 'percent' }, '19 %', '0.19'],
  [{ op: 'percent', decimal: ',' }, '7,5%', '0.075'],
  [{ op: 'percent', as: 'number' }, '19%', '19'],
  [{ op: 'percent' }, '150', '1.5'],
  [{ op: 'percent' }, 'half', invalid],
  [{ op: 'date', formats: ['dd.MM.yyyy'] }, '31.01.2026', '2026-01-31'],
  [{ op: 'date', formats: ['dd.MM.yyyy'] }, '31.02.2026', invalid],
  [{ op: 'date', formats: ['dd.MM.yyyy'] }, '1.1.2026', invalid],
  [{ op: 'date', formats: ['d.M.yy'] }, '1.1.69', '2069-01-01'],
  [{ op: 'date', formats: ['d.M.yy'] }, '1.1.70', '1970-01-01'],
  [{ op: 'date', formats: ['MM/dd/yyyy', 'yyyy-MM-dd'] }, '2024-02-29', '2024-02-29'],
  [{ op: 'date', formats: ['yyyy-MM-dd'] }, '2023-02-29', invalid],
  [{ op: 'date', formats: ['d. MMMM yyyy'], locale: 'de' }, '3. März 2026', '2026-03-03'],
  [{ op: 'date', formats: ['d MMM yyyy'], locale: 'fr' }, '14 juil. 2026', '2026-07-14'],
  [{ op: 'date', formats: ['d MMMM yyyy'], locale: 'pl' }, '5 stycznia 2026', '2026-01-05'],
  [{ op: 'date', formats: ["EEEE, d 'of' MMMM yyyy"] }, 'Monday, 5 of January 2026', '2026-01-05'],
  [{ op: 'dateTime', formats: ['dd.MM.yyyy HH:mm'] }, '31.01.2026 23:30', '2026-01-31T23:30:00Z'],
  [
    { op: 'dateTime', formats: ['dd.MM.yyyy HH:mm'], zone: 'Europe/Berlin' },
    '31.07.2026 00:30',
    '2026-07-30T22:30:00Z',
  ],
  [
    { op: 'dateTime', formats: ['M/d/yyyy h:mm a'], zone: 'America/New_York' },
    '1/2/2026 12:05 AM',
    '2026-01-02T05:05:00Z',
  ],
  [
    { op: 'dateTime', formats: ['yyyy-MM-dd HH:mm:ss.SSS Z'] },
    '2026-01-02 03:04:05.678 +05:30',
    '2026-01-01T21:34:05.678Z',
  ],
  [{ op: 'dateTime', formats: ["yyyy-MM-dd'T'HH:mm"], zone: 'Europe/Berlin' }, '2026-03-29T02:30', invalid],
  [
    { op: 'dateTime', formats: ["yyyy-MM-dd'T'HH:mm"], zone: 'Europe/Berlin' },
    '2026-10-25T02:30',
    '2026-10-25T00:30:00Z',
  ],
  [{ op: 'dateTime', formats: ['h:mm a'] }, '13:05 pm', invalid],
  [{ op: 'boolean' }, ' JA ', 'true'],
  [{ op: 'boolean' }, 'nie', 'false'],
  [{ op: 'boolean' }, 'perhaps', invalid],
  [{ op: 'boolean', true: ['da'], false: ['weg'] }, 'Weg', 'false'],
  [{ op: 'boolean', true: ['da'], false: ['weg'] }, 'yes', invalid],
  [{ op: 'split' }, 'a, b,, c ', ['a', 'b', 'c']],
  [{ op: 'split', separator: '|' }, ' | ', null],
  [{ op: 'split' }, ','.repeat(20_000), { code: 'OUT_OF_RANGE' }],
  [{ op: 'element', index: 1 }, ['a', 'b'], 'b'],
  [{ op: 'element', index: -1 }, ['a', 'b'], 'b'],
  [{ op: 'element', index: 5 }, ['a'], null],
  [{ op: 'join' }, ['a', 'b'], 'a, b'],
  [{ op: 'path' }, 'Clothing > Hoodies', ['Clothing', 'Hoodies']],
  [{ op: 'path', separator: '/' }, '/a/b/', ['a', 'b']],
];

describe('transforms', () => {
  test.each(cases)('%j of %j', (transform, value, expected) => {
    expect(apply(value, transform)).toEqual(expected);
  });

  test('are all tested here', () => {
    const names = transformSchemas.map(schema => schema.entries.op.pipe[0].literal);
    const tested = new Set<TransformName>(cases.map(([{ op }]) => op));
    expect(names.filter(name => !tested.has(name))).toEqual([]);
  });

  test('leave null alone, except for "default"', () => {
    const drafts: Draft[] = cases.map(([draft]) => draft).filter(({ op }) => op !== 'default');
    for (const draft of drafts) expect(apply(null, draft)).toBe(null);
  });

  test('apply to each element of a list, and name the one at fault', () => {
    expect(apply(' A, b', { op: 'split' }, { op: 'lower' })).toEqual(['a', 'b']);
    expect(message('1|x', { op: 'split', separator: '|' }, { op: 'number' })).toMatch(
      /^Element 2: Not a number\./,
    );
  });

  test('apply in order', () => {
    expect(apply('N/A', { op: 'nullIf' }, { op: 'default', value: 'x' })).toBe('x');
    expect(apply('N/A', { op: 'default', value: 'x' }, { op: 'nullIf' })).toBe(null);
  });

  test('say what they expected', () => {
    expect(message('x', { op: 'number', ...german })).toBe(
      'Not a number. The mapper reads numbers such as 1.234,50.',
    );
    expect(message('rott', { op: 'lookup', table: { Rot: 'red' } })).toBe(
      'The look-up table of the mapper does not contain the value. Did you mean "Rot"?',
    );
    expect(message('3', { op: 'date', formats: ['dd.MM.yyyy', 'yyyy'] })).toBe(
      'Not a date that exists, in the format dd.MM.yyyy or yyyy.',
    );
    expect(message('$3', { op: 'currency', currencies: ['EUR'] })).toBe(
      'The mapper accepts amounts in EUR, not in "$".',
    );
  });
});

describe('words for true and false', () => {
  test('are never both', () => {
    expect(trueWords.filter(word => (falseWords as readonly string[]).includes(word))).toEqual([]);
  });

  test.each([...trueWords])('%s is true', word => {
    expect(apply(word.toUpperCase(), { op: 'boolean' })).toBe('true');
  });

  test.each([...falseWords])('%s is false', word => {
    expect(apply(word, { op: 'boolean' })).toBe('false');
  });
});

const separators = fc
  .record({ decimal: fc.constantFrom('.', ','), group: fc.constantFrom('.', ',', "'", ' ', '_', '') })
  .filter(({ decimal, group }) => decimal !== group) as fc.Arbitrary<{
  decimal: '.' | ',';
  group: '.' | ',' | "'" | ' ' | '_' | '';
}>;
const digits = fc.tuple(
  fc.bigInt({ min: 0n, max: 10n ** 30n }),
  fc.stringMatching(/^\d{0,12}$/),
  fc.boolean(),
);

describe('numbers', () => {
  test('come back with every digit, in any notation', () => {
    fc.assert(
      fc.property(digits, separators, ([whole, fraction, negative], { decimal, group }) => {
        const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, group);
        const sign = negative ? '-' : '';
        const text = `${sign}${grouped}${fraction && decimal + fraction}`;
        expect(apply(text, { op: 'number', decimal, group })).toBe(
          `${sign}${whole}${fraction && `.${fraction}`}`,
        );
      }),
    );
  });

  test('are shifted without a loss', () => {
    fc.assert(
      fc.property(digits, fc.integer({ min: -9, max: 9 }), ([whole, fraction, negative], shift) => {
        const scaled = BigInt(`${whole}${fraction.padEnd(12, '0')}`) * (negative ? -1n : 1n);
        const text = `${negative ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
        const result = apply(text, { op: 'number', shift }) as string;
        const [back = '', decimals = ''] = result.replace('-', '').split('.');
        const scale = 24;
        const expected = (scaled < 0n ? -scaled : scaled) * 10n ** BigInt(scale - 12 + shift);
        expect(BigInt(back + decimals.padEnd(scale, '0'))).toBe(expected);
      }),
    );
  });
});

describe('dates', () => {
  test('come back from any format that holds them', () => {
    const formats = ['dd.MM.yyyy', 'd/M/yyyy', 'yyyyMMdd', 'd MMMM yyyy', 'EEE, MMM d, yyyy'];
    const moments = fc.date({
      min: new Date('1583-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    const locales = fc.constantFrom('en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl');
    fc.assert(
      fc.property(moments, fc.constantFrom(...formats), locales, (moment, format, locale) => {
        const part = (options: Intl.DateTimeFormatOptions, type: string) =>
          new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
            .formatToParts(moment)
            .find(one => one.type === type)!.value;
        const iso = moment.toISOString().slice(0, 10);
        const [year, month, day] = iso.split('-') as [string, string, string];
        const text = format.replace(/EEE|MMMM|MMM|MM?|dd?|yyyy/g, token => {
          if (token === 'EEE') return part({ weekday: 'short' }, 'weekday');
          if (token === 'MMMM') return part({ month: 'long', day: 'numeric' }, 'month');
          if (token === 'MMM') return part({ month: 'short', day: 'numeric' }, 'month');
          if (token === 'yyyy') return year;
          const digits = token.startsWith('M') ? month : day;
          return token.length === 2 ? digits : String(Number(digits));
        });
        expect(apply(text, { op: 'date', formats: [format], locale })).toBe(iso);
      }),
    );
  });

  test('of a zone are the same moments that the zone shows', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    );
    const moments = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2035-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const shown = new Intl.DateTimeFormat('sv', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(moment);
        const read = apply(shown, { op: 'dateTime', formats: ['yyyy-MM-dd HH:mm:ss'], zone }) as string;
        const difference = moment.getTime() - (moment.getTime() % 1000) - Date.parse(read);
        // Where clocks are set back, the first of two moments is meant.
        expect([0, 1_800_000, 3_600_000]).toContain(difference);
      }),
    );
  });
});

describe('any transform', () => {
  const transforms = fc.constantFrom(...cases.map(([draft]) => draft));

  test('gives text, a list, null or a fault for any text, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(transforms, { maxLength: 4 }), (text, drafts) => {
        const steps = drafts.map(draft => v.parse(transformSchema, draft)) as Transform[];
        const value = compileTransforms(steps)(text);
        const known =
          value === null || typeof value === 'string' || Array.isArray(value) || value instanceof ValueFault;
        expect(known).toBe(true);
      }),
    );
  });
});

test('patterns that make other engines hang are answered', () => {
  const text = `${'a'.repeat(999)}!`;
  for (const pattern of ['(a+)+$', '(a|aa)+$', '(.*)*x', '(a?){50}a{50}b'])
    expect(apply(text, { op: 'extract', pattern, otherwise: 'null' })).toBe(null);
});

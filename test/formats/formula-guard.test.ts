import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardFormula, unguardFormula } from '../../src/formats/formula-guard.ts';

/** Mostly what matters here: apostrophes and what a formula begins with. */
const text = fc
  .tuple(
    fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '1', '.', 'a'), maxLength: 6 }),
    fc.string(),
  )
  .map(parts => parts.join(''));

describe('the guard of formulas', () => {
  test('is taken away without a trace', () => {
    fc.assert(
      fc.property(text, value => {
        expect(unguardFormula(guardFormula(value))).toBe(value);
      }),
      { numRuns: 5_000 },
    );
  });

  test('leaves nothing that a spreadsheet computes', () => {
    fc.assert(
      fc.property(text, value => {
        const guarded = guardFormula(value);
        expect(/^[=+\-@\t\r\n]/.test(guarded) && Number.isNaN(Number(guarded))).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+49 151', "'+49 151"],
    ['-5', '-5'],
    ['-5.5e3', '-5.5e3'],
    ["'quoted'", "'quoted'"],
    ["'=1", "''=1"],
    ['plain', 'plain'],
    ['', ''],
  ])('%s becomes %s', (value, guarded) => {
    expect(guardFormula(value)).toBe(guarded);
  });

  test('an apostrophe that guards nothing stays', () => {
    for (const value of ["'", "'a", "'5", "'-5", "''"]) expect(unguardFormula(value)).toBe(value);
  });
});

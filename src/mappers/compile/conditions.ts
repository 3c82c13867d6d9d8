// Which rows of a file are left out.

import type { MapperCondition } from '../document/schema.ts';
import { compilePattern } from '../transforms/pattern.ts';
import { folded } from '../transforms/text.ts';

/** @returns whether a cell fulfils the condition */
export type CellTest = (cell: string) => boolean;

/** @param condition that was checked */
export function cellTest({ is, in: words, notIn, matches }: MapperCondition): CellTest {
  if (is !== undefined) return cell => (cell.trim() === '') === (is === 'empty');
  if (words) return isOneOf(words);
  if (notIn) {
    const test = isOneOf(notIn);
    return cell => !test(cell);
  }
  const pattern = compilePattern(matches!);
  if ('error' in pattern) throw new Error(pattern.error);
  return cell => pattern.test(cell);
}

function isOneOf(words: readonly string[]): CellTest {
  const known = new Set(words.map(folded));
  return cell => known.has(folded(cell));
}

// Regular expressions by RE2: they match in time linear in the text, whatever the pattern. JavaScript's own can take for ever.

import { RE2JS, RE2JSException } from 're2js';
import type { TransformOf } from './transform-schema.ts';
import { invalid, type TextStep, ValueFault } from './value.ts';

/** The time of a match grows with the product of the two. */
const programSizeMax = 500;
const textLengthMax = 1_000;

export interface Pattern {
  readonly groups: number;
  /** @returns whether the text contains a match; false for a text that is too long */
  test(text: string): boolean;
  /** @returns the text of a group; undefined without a match, null for a group that took no part in it */
  group(text: string, group: number): string | null | undefined;
}

/** @returns the pattern, or what is wrong with it */
export function compilePattern(source: string): Pattern | { readonly error: string } {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    if (error instanceof RE2JSException) return { error: reason(error) };
    throw error;
  }
  if (compiled.programSize() > programSizeMax) return { error: 'The pattern is too complex.' };
  const find = (text: string) => {
    const matcher = compiled.matcher(text);
    return matcher.find() ? matcher : undefined;
  };
  return {
    groups: compiled.groupCount(),
    test: text => text.length <= textLengthMax && compiled.test(text),
    group: (text, group) => find(text)?.group(group),
  };
}

function reason({ message }: Error): string {
  const text = message.replace(/^error parsing regexp: /, '');
  return `Not a regular expression in RE2 syntax: ${text}.`;
}

/** @param transform whose pattern was checked */
export function extract({ pattern: source, group, otherwise }: TransformOf<'extract'>): TextStep {
  const pattern = compilePattern(source);
  if ('error' in pattern) throw new Error(pattern.error);
  const taken = group ?? Math.min(1, pattern.groups);
  const noMatch = invalid(`The pattern of the mapper, ${source}, matches nothing in the value.`);
  return text => {
    if (text.length > textLengthMax)
      return new ValueFault('OUT_OF_RANGE', `Patterns apply to at most ${textLengthMax} characters.`);
    const found = pattern.group(text, taken);
    if (found !== undefined) return found;
    if (otherwise === 'null') return null;
    return otherwise === 'keep' ? text : noMatch;
  };
}

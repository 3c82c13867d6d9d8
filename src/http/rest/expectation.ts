import type * as v from 'valibot';

const words: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  strict_object: 'an object',
};

/** @returns what a schema without a message of its own expects; it completes `"name" must be …` */
export function expectation({ type, expected }: v.BaseIssue<unknown>): string {
  if (type === 'picklist') return `one of ${choicesOf(expected).join(', ')}`;
  return words[type] ?? expected ?? 'another value';
}

/** @param expected of a picklist: `("a" | "b")` */
export const choicesOf = (expected: string | null): string[] =>
  (expected ?? '').replace(/^\(|\)$|"/g, '').split(' | ');

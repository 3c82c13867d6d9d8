/** A JSON value in which every number is its source text, so that `12.50` and `"12.50"` are equal and no digit is lost. */
export type ExactJson = string | boolean | null | ExactJson[] | { [key: string]: ExactJson };

/** @returns the parsed text, numbers as text, keys of objects in alphabetical order */
export const parseExactly = (text: string): ExactJson => JSON.parse(text, sourceOfNumbers as never);

function sourceOfNumbers(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value === 'number') return context.source ?? String(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Runs prepared reads in parallel and returns their JSON.

import type { Engine } from '../../query/engine.ts';
import type { PreparedOperation, PreparedRoot } from './prepared-operation.ts';

export interface RootAnswer {
  readonly key: string;
  /** JSON. */
  readonly text: string;
  /** Paths of the lists cut off by the default `take`: `products`, `products.items`. */
  readonly truncated: readonly string[];
}

export type ReadRoot = Extract<PreparedRoot, { kind: 'read' }>;
export interface WholeOperation extends PreparedOperation {
  readonly roots: readonly Exclude<PreparedRoot, { kind: 'other' | 'write' }>[];
}

/** Whether an operation consists only of reads, so that it can be answered without graphql-js. */
export const isWhole = (operation: PreparedOperation): operation is WholeOperation =>
  operation.kind === 'query' && operation.roots.every(root => root.kind !== 'other');

/** Starts all reads in parallel. @returns one answer per root field, in order */
export const startRoots = (
  engine: Engine,
  { roots }: WholeOperation,
  signal: AbortSignal,
): Promise<RootAnswer>[] =>
  roots.map(async root =>
    root.kind === 'read'
      ? runRoot(engine, root, signal)
      : { key: root.key, text: JSON.stringify(root.value), truncated: [] },
  );

export async function runRoot(
  engine: Engine,
  { key, root, read }: ReadRoot,
  signal: AbortSignal,
): Promise<RootAnswer> {
  const { text, count, truncated } = await engine.run(read, signal);
  if (root.kind === 'count') return { key, text: String(count), truncated: [] };
  return { key, text, truncated: truncated.map(path => (path === '' ? key : `${key}.${path}`)) };
}

/** @returns a JSON object of all answers, spliced together as text: no value is parsed */
export const spliceAnswers = (answers: readonly RootAnswer[]): string =>
  `{${answers.map(({ key, text }) => `"${key}":${text}`).join(',')}}`;

/** @returns the header that names the lists that were cut off, if any */
export function truncatedHeader(truncated: readonly string[]): Record<string, string> {
  return truncated.length > 0 ? { 'portolan-truncated': truncated.join(', ') } : {};
}

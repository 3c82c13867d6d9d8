// Runs prepared mutations: all succeed or none, unless they are independent.

import type { Session } from '../../base/database/database.ts';
import type { ReadAnswer } from '../../query/ask/read-answer.ts';
import { ChangeFailure } from '../../query/change/run-all.ts';
import type { Engine } from '../../query/engine.ts';
import type { PreparedOperation, PreparedRoot } from './prepared-operation.ts';
import { type RootAnswer, spliceAnswers } from './run-operation.ts';

type WriteRoot = Extract<PreparedRoot, { kind: 'write' }>;
export interface WriteOperation extends PreparedOperation {
  readonly roots: readonly Extract<PreparedRoot, { kind: 'write' | 'typename' }>[];
}

/** Whether an operation consists only of catalog mutations. */
export const isWrite = (operation: PreparedOperation): operation is WriteOperation =>
  operation.kind === 'mutation' &&
  operation.roots.every(root => root.kind === 'write' || root.kind === 'typename');

export interface WriteOptions {
  readonly signal: AbortSignal;
  readonly session?: Session;
}

export interface WriteResult {
  /** JSON: an object by response key, or `null` if one failed and all were rolled back. */
  readonly data: string;
  readonly failures: readonly WriteRootFailure[];
  readonly truncated: readonly string[];
}

interface WriteRootFailure {
  readonly root: WriteRoot;
  readonly reason: Error;
}

/** @returns the results and errors of the mutations. Errors that belong to no single mutation are thrown. */
export async function runWrites(
  engine: Engine,
  operation: WriteOperation,
  options: WriteOptions,
): Promise<WriteResult> {
  const writes = operation.roots.filter((root): root is WriteRoot => root.kind === 'write');
  const outcomes = operation.independent
    ? await engine.changeEach(
        writes.map(root => root.change),
        options,
      )
    : await runTogether(engine, writes, options);
  if ('failure' in outcomes) return { data: 'null', failures: [outcomes.failure], truncated: [] };
  return toResult(operation, writes, outcomes);
}

async function runTogether(engine: Engine, writes: readonly WriteRoot[], options: WriteOptions) {
  try {
    const answers = await engine.change(
      writes.map(root => root.change),
      options,
    );
    return answers.map(value => ({ status: 'fulfilled', value }) as const);
  } catch (error) {
    if (!(error instanceof ChangeFailure)) throw error;
    return { failure: { root: writes[error.index]!, reason: error.cause as Error } };
  }
}

function toResult(
  { roots }: WriteOperation,
  writes: readonly WriteRoot[],
  outcomes: readonly PromiseSettledResult<ReadAnswer>[],
): WriteResult {
  const failures: WriteRootFailure[] = [];
  const answers = roots.map((root): RootAnswer => {
    if (root.kind === 'typename') return { key: root.key, text: JSON.stringify(root.value), truncated: [] };
    const outcome = outcomes[writes.indexOf(root)]!;
    if (outcome.status === 'fulfilled') return toAnswer(root, outcome.value);
    failures.push({ root, reason: outcome.reason });
    return { key: root.key, text: 'null', truncated: [] };
  });
  return { data: spliceAnswers(answers), failures, truncated: answers.flatMap(answer => answer.truncated) };
}

function toAnswer({ key, counts }: WriteRoot, { text, count, truncated }: ReadAnswer): RootAnswer {
  if (!counts) return { key, text, truncated: truncated.map(path => `${key}.${path}`) };
  const members = counts.map(({ as, kind }) => `"${as}":${kind === 'count' ? count : '"ChangedRows"'}`);
  return { key, text: `{${members.join(',')}}`, truncated: [] };
}

// The fast path's response if a read fails while it runs, in the same format as graphql-js.

import { GraphQLError } from 'graphql';
import type { Logger } from '../../base/log.ts';
import type { PreparedRoot } from '../operation/prepared-operation.ts';
import { type RootAnswer, spliceAnswers, type WholeOperation } from '../operation/run-operation.ts';
import { showError } from './show-errors.ts';

/** Lists and counts are non-null, so if one fails, `data` is null; a single record that fails is null itself. */
export function failedBody(
  { roots }: WholeOperation,
  outcomes: readonly PromiseSettledResult<RootAnswer>[],
  requestId: string,
  log: Logger,
): string {
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [[outcome.reason, roots[index]!] as const] : [],
  );
  const errors = failures.map(([reason, root]) => rootErrorJson(reason, root, requestId, log));
  const keepsData = failures.every(([, root]) => root.kind === 'read' && root.root.kind === 'one');
  const answers = outcomes.map((outcome, index) =>
    outcome.status === 'fulfilled' ? outcome.value : { key: roots[index]!.key, text: 'null', truncated: [] },
  );
  return `{"errors":${JSON.stringify(errors)},"data":${keepsData ? spliceAnswers(answers) : 'null'}}`;
}

/** @returns the error of a root field, in the format of graphql-js */
export function rootErrorJson(reason: Error, root: PreparedRoot, requestId: string, log: Logger) {
  const nodes = 'node' in root ? root.node : undefined;
  const located = new GraphQLError(reason.message, { nodes, path: [root.key], originalError: reason });
  const { message, locations, path, extensions } = showError(located, requestId, log).toJSON();
  const { http: _, ...shown } = extensions ?? {};
  return { message, locations, path, extensions: shown };
}

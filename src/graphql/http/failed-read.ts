// The short way's answer when a read fails while it runs, in the same form as graphql-js gives.

import { GraphQLError } from 'graphql';
import type { Logger } from '../../base/log.ts';
import type { PreparedRoot } from '../operation/prepared-operation.ts';
import { type RootAnswer, spliceAnswers, type WholeOperation } from '../operation/run-operation.ts';
import { showError } from './show-errors.ts';

/** A list or a count must not be null, so that its failure takes all data with it; a single record becomes null. */
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

/** @returns an error of a root field as graphql-js would tell it */
export function rootErrorJson(reason: Error, root: PreparedRoot, requestId: string, log: Logger) {
  const nodes = 'node' in root ? root.node : undefined;
  const located = new GraphQLError(reason.message, { nodes, path: [root.key], originalError: reason });
  const { message, locations, path, extensions } = showError(located, requestId, log).toJSON();
  const { http: _, ...shown } = extensions ?? {};
  return { message, locations, path, extensions: shown };
}

// Runs an operation that consists only of reads, all in parallel.

import type { Answer, Incoming } from '../../http/message/message.ts';
import { failedBody } from '../http/failed-read.ts';
import type { GraphqlDeps } from '../http/graphql-deps.ts';
import type { ResponseType } from '../http/media-type.ts';
import {
  type RootAnswer,
  spliceAnswers,
  startRoots,
  truncatedHeader,
  type WholeOperation,
} from '../operation/run-operation.ts';

export async function fastRead(
  deps: GraphqlDeps,
  operation: WholeOperation,
  type: ResponseType,
  request: Incoming,
): Promise<Answer> {
  const outcomes = await Promise.allSettled(startRoots(deps.api.engine, operation, request.signal));
  const answers = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const body =
    answers.length === outcomes.length
      ? `{"data":${spliceAnswers(answers)}}`
      : failedBody(operation, outcomes, request.id, deps.log);
  return { status: 200, headers: headersFor(type, answers), body };
}

const headersFor = (type: ResponseType, answers: readonly RootAnswer[]) => ({
  'content-type': `${type}; charset=utf-8`,
  ...truncatedHeader(answers.flatMap(answer => answer.truncated)),
});

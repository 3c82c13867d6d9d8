// The short way: an operation of reads alone is answered from text to text. What cannot even be prepared goes the long way,
// through Yoga, which says what is wrong.

import type { Principal } from '../../auth/principal.ts';
import type { Logger } from '../../base/log.ts';
import type { Answer, Incoming } from '../../http/message.ts';
import type { DocumentCache } from '../document/document-cache.ts';
import type { GraphqlDoor } from '../door.ts';
import {
  isWhole,
  type RootAnswer,
  spliceAnswers,
  startRoots,
  truncatedHeader,
  type WholeOperation,
} from '../operation/run-operation.ts';
import { failedBody } from './failed-read.ts';
import type { ResponseType } from './media-type.ts';
import type { Params } from './params.ts';

export interface GraphqlParts {
  readonly door: GraphqlDoor;
  readonly documents: DocumentCache;
  readonly log: Logger;
}

/** @returns undefined when the operation has to go the long way */
export async function hotRead(
  parts: GraphqlParts,
  params: Params,
  type: ResponseType,
  principal: Principal,
  request: Incoming,
): Promise<Answer | undefined> {
  const operation = prepareWhole(parts, params, principal);
  if (!operation) return undefined;
  const outcomes = await Promise.allSettled(startRoots(parts.door.engine, operation, request.signal));
  const answers = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const body =
    answers.length === outcomes.length
      ? `{"data":${spliceAnswers(answers)}}`
      : failedBody(operation, outcomes, request.id, parts.log);
  return { status: 200, headers: headersFor(type, answers), body };
}

function prepareWhole(
  { door, documents }: GraphqlParts,
  { query: text, operationName, variables }: Params,
  principal: Principal,
): WholeOperation | undefined {
  try {
    const operation = door.prepareText(documents, {
      text,
      operationName,
      variables,
      principal,
      format: 'strings',
    });
    return isWhole(operation) ? operation : undefined;
  } catch {
    return undefined;
  }
}

const headersFor = (type: ResponseType, answers: readonly RootAnswer[]) => ({
  'content-type': `${type}; charset=utf-8`,
  ...truncatedHeader(answers.flatMap(answer => answer.truncated)),
});

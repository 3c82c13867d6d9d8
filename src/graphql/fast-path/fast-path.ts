// The fast path: an operation that consists only of catalog reads, or only of catalog mutations, is answered from text to
// text. Operations that cannot be prepared take the slow path through Yoga, which reports the errors.

import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { GraphqlDeps } from '../http/graphql-deps.ts';
import type { ResponseType } from '../http/media-type.ts';
import type { Params } from '../http/params.ts';
import type { PreparedOperation } from '../operation/prepared-operation.ts';
import { isWhole } from '../operation/run-operation.ts';
import { isWrite } from '../operation/run-writes.ts';
import { fastRead } from './fast-read.ts';
import { fastWrite } from './fast-write.ts';

export interface FastCall {
  readonly params: Params;
  readonly type: ResponseType;
  readonly principal: Principal;
  readonly request: Incoming;
}

/** @returns undefined if the operation must take the slow path */
export async function fastAnswer(deps: GraphqlDeps, call: FastCall): Promise<Answer | undefined> {
  const { params, type, principal, request } = call;
  const operation = prepare(deps, params, principal);
  if (!operation) return undefined;
  if (isWhole(operation)) return fastRead(deps, operation, type, request);
  // A GET request must not change data.
  if (!isWrite(operation) || request.method !== 'POST') return undefined;
  return fastWrite(deps, operation, call);
}

function prepare(
  { api, documents }: GraphqlDeps,
  { query: text, operationName, variables }: Params,
  principal: Principal,
): PreparedOperation | undefined {
  try {
    return api.prepareText(documents, { text, operationName, variables, principal, format: 'strings' });
  } catch {
    return undefined;
  }
}

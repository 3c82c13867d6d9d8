// The short way: an operation of the catalog's reads or mutations alone is answered from text to text. What cannot even be
// prepared goes the long way, through Yoga, which says what is wrong.

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

/** @returns undefined when the operation has to go the long way */
export async function fastAnswer(
  deps: GraphqlDeps,
  params: Params,
  type: ResponseType,
  principal: Principal,
  request: Incoming,
): Promise<Answer | undefined> {
  const operation = prepare(deps, params, principal);
  if (!operation) return undefined;
  if (isWhole(operation)) return fastRead(deps, operation, type, request);
  // What an address asks for must not change anything.
  if (!isWrite(operation) || request.method !== 'POST') return undefined;
  return fastWrite(deps, operation, { params, type, principal, request });
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

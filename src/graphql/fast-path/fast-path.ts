// The short way: an operation of the catalog's reads or mutations alone is answered from text to text. What cannot even be
// prepared goes the long way, through Yoga, which says what is wrong.

import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { GraphqlParts } from '../http/graphql-parts.ts';
import type { ResponseType } from '../http/media-type.ts';
import type { Params } from '../http/params.ts';
import type { PreparedOperation } from '../operation/prepared-operation.ts';
import { isWhole } from '../operation/run-operation.ts';
import { isWrite } from '../operation/run-writes.ts';
import { hotRead } from './fast-read.ts';
import { hotWrite } from './fast-write.ts';

/** @returns undefined when the operation has to go the long way */
export async function hotAnswer(
  parts: GraphqlParts,
  params: Params,
  type: ResponseType,
  principal: Principal,
  request: Incoming,
): Promise<Answer | undefined> {
  const operation = prepare(parts, params, principal);
  if (!operation) return undefined;
  if (isWhole(operation)) return hotRead(parts, operation, type, request);
  // What an address asks for must not change anything.
  if (!isWrite(operation) || request.method !== 'POST') return undefined;
  return hotWrite(parts, operation, { params, type, principal, request });
}

function prepare(
  { door, documents }: GraphqlParts,
  { query: text, operationName, variables }: Params,
  principal: Principal,
): PreparedOperation | undefined {
  try {
    return door.prepareText(documents, { text, operationName, variables, principal, format: 'strings' });
  } catch {
    return undefined;
  }
}

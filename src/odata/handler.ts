// One request to the service, the same whether it came alone or as a part of a batch.

import type { Principal } from '../auth/principal.ts';
import type { Answer, Incoming } from '../http/message.ts';
import type { PartScope } from './part-scope.ts';
import type { Service } from './prepare-request.ts';
import { checkVersion, withVersion } from './protocol.ts';
import { createReader } from './reader.ts';
import { createWriter } from './writer.ts';

export type Handler = (request: Incoming, principal: Principal, scope: PartScope) => Promise<Answer> | Answer;

/** @returns what answers any request but a batch */
export function createHandler(service: Service): Handler {
  const read = createReader(service);
  const write = createWriter(service);
  return async (request, principal, scope) => {
    checkVersion(request);
    const handle = request.method === 'GET' ? read : write;
    return withVersion(await handle(request, principal, scope), request);
  };
}

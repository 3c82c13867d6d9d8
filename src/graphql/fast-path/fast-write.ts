// Catalog mutations: one transaction per request; a repeated Idempotency-Key gets the same response again.

import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { fingerprintOf } from '../../idempotency/fingerprint.ts';
import { writtenBy } from '../../query/change/actor.ts';
import { rootErrorJson } from '../http/failed-read.ts';
import type { GraphqlDeps } from '../http/graphql-deps.ts';
import type { ResponseType } from '../http/media-type.ts';
import type { Params } from '../http/params.ts';
import { truncatedHeader } from '../operation/run-operation.ts';
import { runWrites, type WriteOperation, type WriteResult } from '../operation/run-writes.ts';

interface WriteRequest {
  readonly params: Params;
  readonly type: ResponseType;
  readonly principal: Principal;
  readonly request: Incoming;
}

/** @throws Fault about the Idempotency-Key */
export async function fastWrite(
  deps: GraphqlDeps,
  operation: WriteOperation,
  write: WriteRequest,
): Promise<Answer> {
  const { engine } = deps.api;
  const { principal, request } = write;
  const { signal } = request;
  const once = await deps.idempotency?.claimOf(request, principal, () => fingerprint(write));
  if (!once) return toAnswer(deps, write, await runWrites(engine, operation, { signal }));
  return once.perform(writtenBy(principal), async session => {
    const result = await runWrites(engine, operation, { signal, session });
    return { answer: toAnswer(deps, write, result), keep: result.data !== 'null' };
  });
}

const fingerprint = ({ type, params: { query, operationName, variables } }: WriteRequest): string =>
  fingerprintOf('POST /graphql', type, query, operationName ?? '', JSON.stringify(variables ?? {}));

function toAnswer(
  { log }: GraphqlDeps,
  { type, request }: WriteRequest,
  { data, failures, truncated }: WriteResult,
): Answer {
  const errors = failures.map(({ root, reason }) => rootErrorJson(reason, root, request.id, log));
  const errorsMember = errors.length > 0 ? `"errors":${JSON.stringify(errors)},` : '';
  return {
    status: 200,
    headers: { 'content-type': `${type}; charset=utf-8`, ...truncatedHeader(truncated) },
    body: `{${errorsMember}"data":${data}}`,
  };
}

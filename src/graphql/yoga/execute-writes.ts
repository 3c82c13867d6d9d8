// Catalog mutations on the slow path: the same work, with a result in the format of graphql-js.

import { type ExecutionResult, GraphQLError } from 'graphql';
import { parseExactJson } from '../../base/exact-json.ts';
import type { Call } from '../http/call.ts';
import { notAcceptable } from '../http/media-type.ts';
import type { GraphqlApi } from '../operation/prepared-schema.ts';
import { runWrites, type WriteOperation } from '../operation/run-writes.ts';

/** @throws NOT_ACCEPTABLE before any write whose response could not be sent */
export async function executeWrites(
  api: GraphqlApi,
  operation: WriteOperation,
  { signal, truncated, acceptable }: Call,
): Promise<ExecutionResult> {
  if (!acceptable) throw notAcceptable();
  const result = await runWrites(api.engine, operation, { signal });
  truncated.push(...result.truncated);
  const errors = result.failures.map(
    ({ root, reason }) =>
      new GraphQLError(reason.message, { nodes: root.node, path: [root.key], originalError: reason }),
  );
  const data = parseExactJson(result.data) as ExecutionResult['data'];
  return errors.length > 0 ? { errors, data } : { data };
}

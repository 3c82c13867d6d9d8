// Mutations of the catalog on the long way: the same work, its answer as graphql-js would give it.

import { type ExecutionResult, GraphQLError } from 'graphql';
import { parseExactJson } from '../../base/exact-json.ts';
import type { Call } from '../http/call.ts';
import { notAcceptable } from '../http/media-type.ts';
import type { GraphqlApi } from '../operation/prepared-schema.ts';
import { runWrites, type WriteOperation } from '../operation/run-writes.ts';

/** @throws NOT_ACCEPTABLE before anything is done whose answer could not be told */
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

import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from '../../base/log.ts';
import type { Call } from '../http/call.ts';
import { showError } from '../http/show-errors.ts';

/**
 * Adds code and request id to errors. The status follows
 * https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes: a response with data has 200; one without has the
 * error's own status, but 200 for clients that accept application/json only and can make sense of the body.
 */
export const useErrorForm = (log: Logger): Plugin<object, { call: Call }> => ({
  onResultProcess({ result, setResult, serverContext }) {
    if (Array.isArray(result) || isAsyncIterable(result) || !result.errors) return;
    const { requestId } = serverContext.call;
    const shown = result.errors.map(error => showError(error, requestId, log));
    setResult({ ...result, errors: shown.map(error => withStatus(error, result)) });
  },
});

function withStatus(error: GraphQLError, result: ExecutionResult): GraphQLError {
  const { http = { status: 400, spec: true }, ...rest } = error.extensions;
  return Object.assign(error, { extensions: 'data' in result ? rest : { ...rest, http } });
}

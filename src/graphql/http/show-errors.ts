// The last step for every error: masks and logs unexpected ones, and adds the request id.

import { GraphQLError } from 'graphql';
import type { Logger } from '../../base/log.ts';
import { toGraphqlError } from '../model/graphql-error.ts';

/** @returns the error as the caller may see it, with the request id. Unexpected errors are logged. */
export function showError(error: unknown, requestId: string, log: Logger): GraphQLError {
  const shown = toGraphqlError(error);
  const code = ownCode(shown);
  if (code === 'INTERNAL')
    log.error({ error: shown.originalError ?? shown, requestId }, 'A GraphQL request failed.');
  const { message, nodes, source, positions, path, originalError } = shown;
  const extensions = { ...shown.extensions, code, requestId };
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

/** Maps the error codes of Yoga and graphql-js to the codes that all APIs share. */
function ownCode({ extensions, originalError }: GraphQLError): string {
  const code = extensions.code as string | undefined;
  if (code === undefined) return originalError ? 'INTERNAL' : 'INVALID_OPERATION';
  return foreignCodes[code] ?? code;
}

const foreignCodes: Readonly<Record<string, string>> = {
  BAD_REQUEST: 'MALFORMED_REQUEST',
  BAD_USER_INPUT: 'INVALID_VALUE',
  GRAPHQL_PARSE_FAILED: 'SYNTAX_ERROR',
  GRAPHQL_VALIDATION_FAILED: 'INVALID_OPERATION',
  OPERATION_RESOLUTION_FAILURE: 'INVALID_OPERATION',
  INTERNAL_SERVER_ERROR: 'INTERNAL',
};

// The last step of every error on its way out: masked where it must be, logged where it was a surprise, told with its request.

import { GraphQLError } from 'graphql';
import type { Logger } from '../../base/log.ts';
import { toGraphqlError } from '../model/graphql-error.ts';

/** @returns the error as the caller may see it, with the request's id. Surprises are logged. */
export function showError(error: unknown, requestId: string, log: Logger): GraphQLError {
  const shown = toGraphqlError(error);
  const code = ownCode(shown);
  if (code === 'INTERNAL')
    log.error({ error: shown.originalError ?? shown, requestId }, 'A GraphQL request failed.');
  const { message, nodes, source, positions, path, originalError } = shown;
  const extensions = { ...shown.extensions, code, requestId };
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

/** Errors that Yoga and graphql-js make themselves get the codes of the other doors. */
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

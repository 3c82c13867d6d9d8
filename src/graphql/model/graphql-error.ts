// Converts faults and unexpected errors to GraphQL errors, with the same codes and hints as in every other API.

import { GraphQLError, type Source } from 'graphql';
import { Fault } from '../../base/errors.ts';

/** The contents of `extensions`. `http` is for Yoga, which removes it from the response. */
interface Extensions {
  code?: string;
  hint?: string;
  /** The scope that is missing. */
  scope?: string;
  /** The validation errors of a write, each with its path. */
  faults?: readonly unknown[];
  requestId?: string;
  http?: { status: number; spec?: boolean; headers?: Record<string, string> };
}

/**
 * @param source the document that the fault's offset points into
 * @returns the error as the caller may see it; unexpected errors are masked as INTERNAL and kept as `originalError`
 */
export function toGraphqlError(error: unknown, source?: Source): GraphQLError {
  if (error instanceof GraphQLError) return fromGraphqlError(error);
  if (error instanceof Fault) return fromFault(error, source);
  return new GraphQLError('Something went wrong.', {
    originalError: error instanceof Error ? error : new Error(String(error)),
    extensions: { code: 'INTERNAL', http: { status: 500 } } satisfies Extensions,
  });
}

/** Runs work whose faults have offsets into a document, and adds line and column to them. */
export function locating<T>(source: Source | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault ? toGraphqlError(error, source) : error;
  }
}

/** graphql-js wraps what resolvers throw; its own errors about the request are passed on unchanged. */
function fromGraphqlError(error: GraphQLError): GraphQLError {
  if (!error.originalError || error.originalError instanceof GraphQLError || 'code' in error.extensions)
    return error;
  const { message, extensions } = toGraphqlError(error.originalError);
  const { nodes, path, originalError } = error;
  return new GraphQLError(message, { nodes, path, originalError, extensions });
}

function fromFault(error: Fault, source?: Source): GraphQLError {
  const extensions: Extensions = { code: error.code };
  if (error.hint) extensions.hint = error.hint;
  if (error.details) extensions.faults = error.details;
  if (error.code === 'SCOPE_MISSING') extensions.scope = error.target;
  extensions.http = { status: error.status, spec: error.status < 500, headers: { ...error.headers } };
  const place = error.at !== undefined && source ? { source, positions: [error.at] } : {};
  return new GraphQLError(error.message, { ...place, originalError: error, extensions: { ...extensions } });
}

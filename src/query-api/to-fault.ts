// Converts GraphQL errors to a single fault, with line and column in the caller's text.

import { GraphQLError } from 'graphql';
import { type ErrorCode, Fault, fault, locate } from '../base/errors.ts';

/** @param text what the caller wrote @returns a Fault, or the error itself if it is unexpected */
export function toFault(error: unknown, text: string): unknown {
  if (error instanceof AggregateError) return toFault(firstInText(error.errors as GraphQLError[]), text);
  if (error instanceof Fault) return locate(error, text);
  if (!(error instanceof GraphQLError) || error.originalError) return error;
  const { code = 'INVALID_OPERATION', hint } = error.extensions as { code?: ErrorCode; hint?: string };
  return locate(fault(code, error.message, { hint, at: positionOf(error) }), text);
}

const firstInText = (errors: readonly GraphQLError[]): GraphQLError =>
  errors.reduce((first, error) => ((positionOf(error) ?? 0) < (positionOf(first) ?? 0) ? error : first));

const positionOf = (error: GraphQLError): number | undefined => error.positions?.[0];

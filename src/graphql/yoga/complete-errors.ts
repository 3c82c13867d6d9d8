// For mutations that cannot run: adds errors for referenced records that do not exist, which takes database queries, to the
// errors in their values.

import { GraphQLError } from 'graphql';
import type { Engine } from '../../query/engine.ts';
import { toGraphqlError } from '../model/graphql-error.ts';

/** @param error what preparing an operation threw @returns what to throw instead */
export async function completeErrors(engine: Engine, error: unknown, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof AggregateError)) return error;
  const errors: unknown[] = [];
  for (const one of error.errors) errors.push(await completed(engine, one, signal));
  return new AggregateError(errors);
}

async function completed(engine: Engine, error: unknown, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof GraphQLError) || !error.originalError) return error;
  const fault = await engine.completeFaults(error.originalError, { signal });
  if (fault === error.originalError) return error;
  const { message, extensions, originalError } = toGraphqlError(fault);
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

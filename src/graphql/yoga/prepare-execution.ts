import type { DocumentNode } from 'graphql';
import type { Call } from '../http/call.ts';
import { locating } from '../model/graphql-error.ts';
import type { PreparedOperation } from '../operation/prepared-operation.ts';
import type { GraphqlApi } from '../operation/prepared-schema.ts';

export interface Execution {
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
}

/** @returns what graphql-js is about to run, checked, permitted and planned @throws errors with their locations */
export const prepareExecution = (
  api: GraphqlApi,
  execution: Execution,
  { principal }: Call,
): PreparedOperation => {
  const { document, operationName, variableValues: variables } = execution;
  const request = { document, operationName, variables, principal, format: 'strings' } as const;
  return locating(document.loc?.source, () => api.prepare(request));
};

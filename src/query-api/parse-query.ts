// The Query API's syntax -> a GraphQL document whose offsets are those of the caller's own text.

import { type DocumentNode, type GraphQLSchema, Kind, Source } from 'graphql';
import { fault } from '../base/errors.ts';
import { checkTokens } from '../graphql/document/check-tokens.ts';
import type { DocumentLimits } from '../graphql/document/limits.ts';
import { withSyntaxCode } from '../graphql/document/parse-graphql.ts';
import { anglesToBraces } from './angle-brackets.ts';
import { declareVariables, leavesVariablesOpen } from './infer-variables.ts';
import { parseSelection } from './parse-selection.ts';

/** @throws GraphQLError with code SYNTAX_ERROR; LIMIT_EXCEEDED; INVALID_OPERATION for mutations and subscriptions */
export function parseQuery({ body }: Source, schema: GraphQLSchema, limits: DocumentLimits): DocumentNode {
  const source = new Source(anglesToBraces(body));
  const document = withSyntaxCode(() => {
    checkTokens(source, limits);
    return parseSelection(source);
  });
  refuseWrites(document);
  return leavesVariablesOpen(document) ? declareVariables(document, schema) : document;
}

function refuseWrites({ definitions }: DocumentNode): void {
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation === 'query') continue;
    throw fault(
      'INVALID_OPERATION',
      `The Query API is read-only: it does not accept a ${definition.operation}.`,
      {
        hint: `Send the ${definition.operation} to /graphql.`,
        at: definition.loc?.start,
      },
    );
  }
}

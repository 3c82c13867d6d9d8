import { type DocumentNode, GraphQLError, parse, type Source } from 'graphql';
import { checkTokens } from './check-tokens.ts';
import type { DocumentLimits } from './limits.ts';

/** @throws GraphQLError with code SYNTAX_ERROR; LIMIT_EXCEEDED */
export const parseGraphql = (source: Source, limits: DocumentLimits): DocumentNode =>
  withSyntaxCode(() => {
    checkTokens(source, limits);
    return parse(source);
  });

/** Adds the code SYNTAX_ERROR to errors from the lexer and parser of graphql-js. */
export function withSyntaxCode<T>(parseText: () => T): T {
  try {
    return parseText();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { message, source, positions } = error;
    throw new GraphQLError(message, { source, positions, extensions: { code: 'SYNTAX_ERROR' } });
  }
}

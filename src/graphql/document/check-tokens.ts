// Runs before the parser, which recurses on every bracket: checks that the text is short and shallow enough to parse.

import { Lexer, type Source, TokenKind } from 'graphql';
import { fault } from '../../base/errors.ts';
import type { DocumentLimits } from './limits.ts';

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** @throws LIMIT_EXCEEDED; GraphQLError for an invalid token */
export function checkTokens(source: Source, { tokensMax, nestingMax }: DocumentLimits): void {
  const lexer = new Lexer(source);
  let depth = 0;
  for (let count = 0; lexer.advance().kind !== TokenKind.EOF; count++) {
    const { kind, start: at } = lexer.token;
    if (opening.has(kind)) depth++;
    else if (closing.has(kind)) depth--;
    if (count >= tokensMax)
      throw fault('LIMIT_EXCEEDED', `The query has more than ${tokensMax} tokens.`, { at });
    if (depth > nestingMax)
      throw fault('LIMIT_EXCEEDED', `The query has brackets nested more than ${nestingMax} levels deep.`, {
        at,
      });
  }
}

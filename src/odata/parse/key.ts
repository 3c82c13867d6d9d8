// Keys and arguments in parentheses (OData ABNF, keyPredicate and functionExprParameters).

import { syntaxError } from '../url/syntax.ts';
import type { TokenStream } from '../url/token-stream.ts';
import { parseLiteral } from './literal.ts';
import type {
  AliasNode,
  KeyPart,
  LiteralNode,
  ODataExpression,
  ParseExpression,
} from './odata-expression.ts';

/** Parses a key up to its closing parenthesis; the opening one has been read. @throws SYNTAX_ERROR */
export function parseKey(tokens: TokenStream): KeyPart[] {
  const parts: KeyPart[] = [];
  do {
    parts.push(parseKeyPart(tokens));
  } while (tokens.accept(','));
  tokens.expect(')', 'a closing parenthesis');
  if (parts.length > 1 && parts.some(part => part.name === undefined)) {
    throw syntaxError('A key of several values must name each of them.', parts[0]!.at, 'Write (a=1,b=2).');
  }
  return parts;
}

function parseKeyPart(tokens: TokenStream): KeyPart {
  tokens.countNode();
  const { at } = tokens.current;
  const name = parseName(tokens);
  return { name, value: parseKeyValue(tokens), at };
}

/** Moves past a name and its equals sign. @returns the name, or undefined */
function parseName(tokens: TokenStream): string | undefined {
  if (!isNamed(tokens)) return undefined;
  const { text } = tokens.advance();
  tokens.advance();
  return text;
}

const isNamed = (tokens: TokenStream): boolean => tokens.is('name') && tokens.peek(1).kind === '=';

function parseKeyValue(tokens: TokenStream): LiteralNode | AliasNode {
  const alias = tokens.accept('alias');
  if (alias) return { kind: 'alias', name: alias.text, at: alias.at };
  return parseLiteral(tokens) ?? tokens.refuse('a key value');
}

/** Parses arguments, named or not, up to the closing parenthesis; the opening one has been read. */
export function parseArguments(
  tokens: TokenStream,
  parseInner: ParseExpression,
): { args: ODataExpression[]; named?: true } {
  const args: ODataExpression[] = [];
  let named = false;
  while (!tokens.accept(')')) {
    if (args.length > 0) tokens.expect(',', 'a comma or a closing parenthesis');
    named = parseName(tokens) !== undefined || named;
    args.push(parseInner(tokens));
  }
  return named ? { args, named } : { args };
}

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

/** @returns the key behind an opening parenthesis, which has been read, with its closing one @throws SYNTAX_ERROR */
export function parseKey(tokens: TokenStream): KeyPart[] {
  const parts: KeyPart[] = [];
  do {
    parts.push(parseKeyPart(tokens));
  } while (tokens.accept(','));
  tokens.expect(')', 'a closing parenthesis');
  if (parts.length > 1 && parts.some(part => part.name === undefined)) {
    throw syntaxError('A key of several values names each of them.', parts[0]!.at, 'Write (a=1,b=2).');
  }
  return parts;
}

function parseKeyPart(tokens: TokenStream): KeyPart {
  tokens.countNode();
  const { at } = tokens.current;
  const name = parseName(tokens);
  return { name, value: parseKeyValue(tokens), at };
}

/** @returns the name before an equals sign, having moved past both, or undefined */
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
  return parseLiteral(tokens) ?? tokens.refuse('a value of the key');
}

/** @returns arguments behind an opening parenthesis, which has been read, with the closing one; with names or without */
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

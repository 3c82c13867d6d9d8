// Paths in expressions, with what may end them: `/$count`, `/any(...)`, `/all(...)` (OData ABNF, firstMemberExpr).

import type { CountNode, LambdaNode, MemberNode, ParseExpression } from './expression.ts';
import { notServed } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const roots = ['$it', '$this', '$root'] as const;

/** @returns the path that begins at the current token, a name or a root @throws SYNTAX_ERROR, NOT_IMPLEMENTED */
export function parseMember(
  tokens: TokenStream,
  parseInner: ParseExpression,
): MemberNode | CountNode | LambdaNode {
  tokens.countNode();
  const { at } = tokens.current;
  const root = parseRoot(tokens);
  const names: string[] = root ? [] : [tokens.expect('name', 'a field, a value or a function').text];
  const member = { kind: 'member' as const, root, names, at };
  while (tokens.accept('/')) {
    if (tokens.is('dollar')) return parseDollarSegment(tokens, member, parseInner);
    if (tokens.is('alias')) throw notServed('annotations in expressions', tokens.current.at);
    const name = tokens.expect('name', 'the name of a field');
    if (!tokens.is('(')) names.push(name.text);
    else if (isLambda(name.text)) return parseLambda(tokens, name.text, member, parseInner);
    else throw notServed(`"${name.text}(...)" on a path in an expression`, name.at);
  }
  return member;
}

const isLambda = (name: string): name is 'any' | 'all' => name === 'any' || name === 'all';

function parseRoot(tokens: TokenStream): MemberNode['root'] {
  const root = tokens.is('dollar') && roots.find(other => other === tokens.current.text);
  if (!root) return undefined;
  tokens.advance();
  return root;
}

function parseDollarSegment(tokens: TokenStream, over: MemberNode, parseInner: ParseExpression): CountNode {
  const { text, at } = tokens.advance();
  if (text !== '$count') throw notServed(`"/${text}" in an expression`, at);
  tokens.countNode();
  if (!tokens.accept('(')) return { kind: 'count', over, at };
  const option = tokens.advance();
  if (/^\$?search$/i.test(option.text)) throw notServed('$search in $count', option.at);
  if (!/^\$?filter$/i.test(option.text)) throw notServed(`"${option.text}" in $count`, option.at);
  tokens.expect('=', 'an equals sign');
  const filter = tokens.nested(() => parseInner(tokens));
  tokens.expect(')', 'a closing parenthesis');
  return { kind: 'count', over, filter, at };
}

function parseLambda(
  tokens: TokenStream,
  kind: 'any' | 'all',
  over: MemberNode,
  parseInner: ParseExpression,
): LambdaNode {
  tokens.countNode();
  const { at } = tokens.advance();
  if (kind === 'any' && tokens.accept(')')) return { kind, over, at };
  const variable = tokens.expect('name', 'a variable such as "x" in "any(x:x eq 1)"').text;
  tokens.expect(':', 'a colon after the variable');
  const where = tokens.nested(() => parseInner(tokens));
  tokens.expect(')', 'a closing parenthesis');
  return { kind, over, variable, where, at };
}

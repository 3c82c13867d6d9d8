// Resource paths (OData ABNF, resourcePath): `products`, `products(1)`, `stockLevels(warehouseId=1,productId=2)/$count`.

import type { AliasNode, LiteralNode } from './expression.ts';
import { parseLiteral } from './parse-literal.ts';
import { notServed, syntaxError } from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import type { UrlPart } from './url.ts';

export interface PathSegment {
  /** `products`, `$count`. */
  readonly name: string;
  readonly key?: readonly KeyPart[];
  /** As sent, for links. */
  readonly part: UrlPart;
}

/** One value of a key in parentheses; `name` is absent in `products(1)`. */
export interface KeyPart {
  readonly name?: string;
  readonly value: LiteralNode | AliasNode;
  readonly at: number;
}

/** @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export const parsePath = (segments: readonly UrlPart[]): PathSegment[] => segments.map(parseSegment);

/** A name, with a key or without. Keys written as segments (`products/1`) would be told apart by what stands before them. */
const shape = /^\s*\$?[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}\p{Cf}.]*\s*(?:\(|$)/u;

function parseSegment(part: UrlPart): PathSegment {
  if (part.text === '') throw syntaxError('The path has an empty segment.', part.at);
  if (!shape.test(part.text)) {
    throw notServed(`the path segment "${part.text}"`, part.at, 'Write keys in parentheses: products(1).');
  }
  const tokens = new TokenStream(part);
  const { kind, text } = tokens.advance();
  if (kind === 'name' && text.includes('.')) throw notServed(`"${text}" in a path`, part.at);
  const key = tokens.accept('(') && parseKey(tokens, text);
  if (key && tokens.is('(')) throw notServed('functions in a path', part.at);
  tokens.expect('end', 'a slash or the end of the path');
  return { name: text, key, part };
}

function parseKey(tokens: TokenStream, owner: string): KeyPart[] {
  if (owner.startsWith('$')) throw notServed(`${owner}(...) in a path`, tokens.current.at);
  if (tokens.is(')')) throw notServed('functions in a path', tokens.current.at);
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
  const { kind, text, at } = tokens.current;
  const isNamed = kind === 'name' && tokens.peek(1).kind === '=';
  if (isNamed) {
    tokens.advance();
    tokens.advance();
  }
  return { name: isNamed ? text : undefined, value: parseKeyValue(tokens), at };
}

function parseKeyValue(tokens: TokenStream): LiteralNode | AliasNode {
  const alias = tokens.accept('alias');
  if (alias) return { kind: 'alias', name: alias.text, at: alias.at };
  return parseLiteral(tokens) ?? tokens.refuse('a value of the key');
}

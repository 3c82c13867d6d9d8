// Resource paths (OData ABNF, resourcePath): `products`, `products(1)`, `stockLevels(warehouseId=1,productId=2)/$count`.

import { syntaxError } from '../url/syntax.ts';
import { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';
import { parseExpression } from './expression.ts';
import { parseArguments, parseKey } from './key.ts';
import { parseNames } from './names.ts';
import type { KeyPart, ODataExpression } from './odata-expression.ts';

export interface PathSegment {
  /** `products`, `$count`. */
  readonly name: string;
  readonly key?: readonly KeyPart[];
  /** The condition of `$filter(price gt 5)`. */
  readonly filter?: ODataExpression;
  /** The feature it uses that is not supported, with a hint. */
  readonly foreign?: readonly [what: string, hint?: string];
  /** As sent, for links. */
  readonly part: UrlPart;
}

/** @throws SYNTAX_ERROR, LIMIT_EXCEEDED */
export const parsePath = (segments: readonly UrlPart[]): PathSegment[] => segments.map(parseSegment);

/** A name, with or without parentheses. Keys written as segments (`products/1`) are not supported. */
const shape = /^\s*\$?[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}\p{Cf}.]*\s*(?:\(|$)/u;

function parseSegment(part: UrlPart): PathSegment {
  if (part.text === '') throw syntaxError('The path has an empty segment.', part.at);
  if (!shape.test(part.text)) {
    const hint = 'Write keys in parentheses: products(1).';
    return { name: part.text, foreign: [`the path segment "${part.text}"`, hint], part };
  }
  const tokens = new TokenStream(part);
  const { kind, text } = tokens.advance();
  const segment = { name: text, ...parseParentheses(tokens, kind === 'dollar', text), part };
  tokens.expect('end', 'a slash or the end of the path');
  return segment;
}

function parseParentheses(
  tokens: TokenStream,
  isOperation: boolean,
  name: string,
): Pick<PathSegment, 'key' | 'filter' | 'foreign'> {
  const isQualified = name.includes('.');
  if (!tokens.accept('(')) return isQualified ? { foreign: [`"${name}" in a path`] } : {};
  if (isOperation) return parseOperation(tokens, name);
  if (isQualified || tokens.is(')')) {
    parseArguments(tokens, parseExpression);
    if (tokens.accept('(')) parseKey(tokens);
    return { foreign: [isQualified ? `"${name}" in a path` : 'functions in a path'] };
  }
  const key = parseKey(tokens);
  if (!tokens.accept('(')) return { key };
  parseKey(tokens);
  return { foreign: ['functions in a path'] };
}

function parseOperation(tokens: TokenStream, name: string): Pick<PathSegment, 'filter' | 'foreign'> {
  if (name !== '$filter') {
    parseNames(tokens);
    return { foreign: [`${name}(...) in a path`] };
  }
  const filter = parseExpression(tokens);
  tokens.expect(')', 'a closing parenthesis');
  return { filter };
}

// $compute: named values that are computed for each entity (OData 4.01 Part 2, 5.1.3; ABNF, computeItem).

import { syntaxError } from '../url/syntax.ts';
import { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';
import { parseExpression } from './expression.ts';
import type { ODataExpression } from './odata-expression.ts';

/** `price mul 2 as double` */
export interface ComputeItem {
  readonly of: ODataExpression;
  readonly name: string;
  /** The offset of the name. */
  readonly at: number;
}

/** @returns the items of an option @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseCompute(part: Pick<UrlPart, 'text' | 'at'>): ComputeItem[] {
  const tokens = new TokenStream(part);
  const items = parseComputeItems(tokens);
  tokens.expect('end', 'a comma or the end');
  return items;
}

/** @returns the items that start at the current token; the stream moves past them */
export function parseComputeItems(tokens: TokenStream): ComputeItem[] {
  const items: ComputeItem[] = [];
  const names = new Set<string>();
  do {
    const item = parseItem(tokens);
    if (names.has(item.name)) throw syntaxError(`"${item.name}" is computed twice.`, item.at);
    names.add(item.name);
    items.push(item);
  } while (tokens.accept(','));
  return items;
}

function parseItem(tokens: TokenStream): ComputeItem {
  const of = parseExpression(tokens);
  if (!tokens.isWord('as')) tokens.refuse('"as" and a name', 'Write price mul 2 as double.');
  tokens.advance();
  const { text: name, at } = tokens.expect('name', 'a name');
  if (name.includes('.')) throw syntaxError('The name of a computed value cannot contain dots.', at);
  return { of, name, at };
}

// $orderby: expressions, each with a direction (OData 4.01 Part 2, 5.1.5).

import { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';
import { parseExpression } from './expression.ts';
import type { ODataExpression } from './odata-expression.ts';

export interface OrderItem {
  readonly by: ODataExpression;
  readonly direction: 'asc' | 'desc';
  readonly at: number;
}

/** @returns the sort keys of an option @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseOrderby(part: Pick<UrlPart, 'text' | 'at'>): OrderItem[] {
  const tokens = new TokenStream(part);
  const items = parseOrderItems(tokens);
  tokens.expect('end', '"asc", "desc", a comma or the end');
  return items;
}

/** @returns the sort keys that start at the current token */
export function parseOrderItems(tokens: TokenStream): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const { at } = tokens.current;
    items.push({ by: parseExpression(tokens), direction: parseDirection(tokens), at });
  } while (tokens.accept(','));
  return items;
}

function parseDirection(tokens: TokenStream): 'asc' | 'desc' {
  const descending = tokens.isWord('desc');
  if (descending || tokens.isWord('asc')) tokens.advance();
  return descending ? 'desc' : 'asc';
}

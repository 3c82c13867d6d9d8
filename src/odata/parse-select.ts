// $select: names, paths and stars (OData 4.01 Part 2, 5.1.4).

import { notServed } from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import type { UrlPart } from './url.ts';

export interface SelectItem {
  /** `['name']`, `['category', 'name']`, `['*']` */
  readonly path: readonly string[];
  readonly at: number;
}

/** @returns the items of a whole option @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseSelect(part: Pick<UrlPart, 'text' | 'at'>): SelectItem[] {
  const tokens = new TokenStream(part);
  const items = parseSelectItems(tokens);
  tokens.expect('end', 'a comma or the end');
  return items;
}

/** @returns the items that begin at the current token */
export function parseSelectItems(tokens: TokenStream): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    items.push(parseItem(tokens));
  } while (tokens.accept(','));
  return items;
}

function parseItem(tokens: TokenStream): SelectItem {
  tokens.countNode();
  const { at } = tokens.current;
  if (tokens.accept('*')) return { path: ['*'], at };
  const path: string[] = [];
  do {
    if (tokens.is('alias')) throw notServed('annotations in $select', tokens.current.at);
    path.push(tokens.expect('name', 'the name of a field').text);
  } while (tokens.accept('/'));
  if (tokens.is('.')) throw notServed('actions and functions in $select', at);
  if (tokens.is('(')) throw notServed('options inside $select', tokens.current.at);
  return { path, at };
}

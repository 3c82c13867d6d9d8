// $select: names, paths and `*`, with options for lists (OData 4.01 Part 2, 5.1.4).

import type { TokenStream } from '../url/token-stream.ts';
import { parseNames } from './names.ts';
import type { NestedOptions, SelectItem } from './selection-items.ts';

/**
 * @param parseOptions parses options up to the closing parenthesis; the opening one has been read
 * @returns the items that start at the current token
 */
export function parseSelectItems(
  tokens: TokenStream,
  parseOptions: (tokens: TokenStream) => NestedOptions,
): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    items.push(tokens.nested(() => parseItem(tokens, parseOptions)));
  } while (tokens.accept(','));
  return items;
}

function parseItem(tokens: TokenStream, parseOptions: (tokens: TokenStream) => NestedOptions): SelectItem {
  tokens.countNode();
  const { at } = tokens.current;
  if (tokens.accept('*')) return { path: ['*'], at };
  const { path, foreign } = parsePath(tokens);
  if (!tokens.accept('(')) return { path, foreign, at };
  if (!isOption(tokens)) {
    parseNames(tokens);
    return { path, foreign: 'actions and functions in $select', at };
  }
  return { path, foreign, options: parseOptions(tokens), at };
}

function parsePath(tokens: TokenStream): Pick<SelectItem, 'path' | 'foreign'> {
  const path: string[] = [];
  let foreign: string | undefined;
  do {
    const step = tokens.accept('alias') ?? tokens.expect('name', 'the name of a field');
    if (step.kind === 'alias') foreign = 'annotations in $select';
    path.push(step.text);
    if (!tokens.accept('.')) continue;
    tokens.expect('*', 'a star');
    foreign = 'actions and functions in $select';
  } while (tokens.accept('/'));
  return { path, foreign };
}

/** Whether an option, or an alias with a value, starts here. Otherwise it is the name of a function parameter. */
const isOption = (tokens: TokenStream): boolean => tokens.peek(1).kind === '=' || tokens.is('dollar');

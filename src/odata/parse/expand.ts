// $expand: related entities, each with its own options (OData 4.01 Part 2, 5.1.3).

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';
import { parseComputeItems } from './compute.ts';
import { parseExpression } from './expression.ts';
import type { ODataExpression } from './odata-expression.ts';
import { parseOrderItems } from './orderby.ts';
import { parseNestedSearch } from './search.ts';
import { parseSelectItems } from './select.ts';
import type { ExpandItem, NestedOptions, SelectItem } from './selection-items.ts';

/** @returns the items of an option @throws SYNTAX_ERROR, UNKNOWN_OPTION, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseExpand(part: Pick<UrlPart, 'text' | 'at'>): ExpandItem[] {
  const tokens = new TokenStream(part);
  const items = parseExpandItems(tokens);
  tokens.expect('end', 'a comma or the end');
  return items;
}

/** @returns the items of $select @throws SYNTAX_ERROR, UNKNOWN_OPTION, LIMIT_EXCEEDED */
export function parseSelect(part: Pick<UrlPart, 'text' | 'at'>): SelectItem[] {
  const tokens = new TokenStream(part);
  const items = parseSelectItems(tokens, parseSelectOptions);
  tokens.expect('end', 'a comma or the end');
  return items;
}

function parseExpandItems(tokens: TokenStream): ExpandItem[] {
  const items: ExpandItem[] = [];
  do {
    items.push(tokens.nested(() => parseItem(tokens)));
  } while (tokens.accept(','));
  return items;
}

function parseItem(tokens: TokenStream): ExpandItem {
  tokens.countNode();
  const { at } = tokens.current;
  const { path, suffix, foreign } = parsePath(tokens);
  const options = tokens.accept('(') ? parseOptions(tokens, allowedAfter[suffix ?? 'entities']) : {};
  return { path, suffix, options, foreign, at };
}

function parsePath(tokens: TokenStream): Pick<ExpandItem, 'path' | 'suffix' | 'foreign'> {
  const path: string[] = [];
  let foreign: string | undefined;
  do {
    const { kind, text, at } = tokens.current;
    if (kind === 'alias') foreign = 'annotations in $expand';
    if (kind === 'dollar' && path.length > 0 && (text === '$count' || text === '$ref')) {
      tokens.advance();
      return { path, suffix: text, foreign };
    }
    if (kind === 'dollar' && text !== '$value') throw notServed(`${text} in $expand`, at);
    if (kind === 'dollar') foreign = '$value in $expand';
    const step = tokens.accept('*') ?? tokens.accept('alias') ?? tokens.accept('dollar');
    path.push((step ?? tokens.expect('name', 'the name of a relation')).text);
  } while (tokens.accept('/'));
  return { path, foreign };
}

const optionNames = [
  'compute',
  'select',
  'filter',
  'search',
  'orderby',
  'expand',
  'top',
  'skip',
  'count',
  'levels',
] as const;
type OptionName = (typeof optionNames)[number];

/** The options allowed after a relation, `/$count` and `/$ref`, and after a list in $select. */
const allowedAfter: Readonly<Record<'entities' | '$count' | '$ref' | 'selected', readonly OptionName[]>> = {
  entities: optionNames,
  $count: ['filter', 'search'],
  $ref: ['filter', 'search', 'orderby', 'top', 'skip', 'count'],
  selected: ['compute', 'select', 'filter', 'search', 'orderby', 'top', 'skip', 'count', 'expand'],
};

const parseSelectOptions = (tokens: TokenStream): NestedOptions =>
  parseOptions(tokens, allowedAfter.selected);

function parseOptions(tokens: TokenStream, allowed: readonly OptionName[]): NestedOptions {
  const options: Record<string, unknown> = {};
  const aliases = new Map<string, ODataExpression>();
  const texts: Record<string, string> = {};
  do {
    const { kind, text, at } = tokens.current;
    const name = kind === 'alias' ? text : parseOptionName(tokens, allowed);
    if (name in options || aliases.has(name)) throw syntaxError(`${text} is specified twice.`, at);
    if (kind === 'alias') tokens.advance();
    tokens.expect('=', 'an equals sign');
    const start = tokens.current.at;
    if (kind === 'alias') aliases.set(name, parseExpression(tokens));
    else options[name] = valueParsers[name as OptionName](tokens);
    texts[name] = tokens.textFrom(start);
  } while (tokens.accept(';'));
  tokens.expect(')', '";" or a closing parenthesis');
  return aliases.size > 0 ? { ...options, texts, aliases } : { ...options, texts };
}

function parseOptionName(tokens: TokenStream, allowed: readonly OptionName[]): OptionName {
  const { kind, text, at } = tokens.current;
  const lower = text.toLowerCase().replace(/^\$/, '');
  const known = optionNames.find(option => option === lower);
  if (kind !== 'dollar' && kind !== 'name') tokens.refuse('an option such as $select');
  if (lower === 'apply') throw notServed('$apply in $expand', at);
  if (!known) {
    throw fault('UNKNOWN_OPTION', `There is no option "${text}" here.`, {
      hint: didYouMean(lower, allowed),
      target: text,
      at,
    });
  }
  if (!allowed.includes(known)) {
    throw syntaxError(`$${known} cannot be used here.`, at, `Allowed are $${allowed.join(', $')}.`);
  }
  tokens.advance();
  return known;
}

const valueParsers: { readonly [N in OptionName]: (tokens: TokenStream) => NestedOptions[N] } = {
  compute: parseComputeItems,
  select: tokens => parseSelectItems(tokens, parseSelectOptions),
  filter: parseExpression,
  search: parseNestedSearch,
  orderby: parseOrderItems,
  expand: parseExpandItems,
  top: parseNumber,
  skip: parseNumber,
  count: parseBoolean,
  levels: parseLevels,
};

function parseNumber(tokens: TokenStream): number {
  return Number(tokens.expect('integer', 'a whole number, zero or more').text);
}

function parseBoolean(tokens: TokenStream): boolean {
  const isTrue = tokens.isWord('true');
  if (!isTrue && !tokens.isWord('false')) tokens.refuse('"true" or "false"');
  tokens.advance();
  return isTrue;
}

function parseLevels(tokens: TokenStream): number | 'max' {
  if (tokens.isWord('max')) {
    tokens.advance();
    return 'max';
  }
  const { text, at } = tokens.expect('integer', 'a number of levels or "max"');
  if (text.startsWith('0')) throw syntaxError('The number of levels starts at 1.', at);
  return Number(text);
}

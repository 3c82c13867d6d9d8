// $expand: related entities, each with options of its own (OData 4.01 Part 2, 5.1.3).

import { fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { SearchExpr } from '../query/search-expression.ts';
import type { ODataExpression } from './expression.ts';
import { type ComputeItem, parseComputeItems } from './parse-compute.ts';
import { parseExpression } from './parse-expression.ts';
import { type OrderItem, parseOrderItems } from './parse-orderby.ts';
import { parseSearch } from './parse-search.ts';
import { parseSelectItems, type SelectItem } from './parse-select.ts';
import { notServed, syntaxError } from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import type { UrlPart } from './url.ts';

export interface ExpandItem {
  /** `['category']`, `['*']` */
  readonly path: readonly string[];
  /** `/$count`: only the number of related entities. `/$ref`: only references to them. */
  readonly suffix?: '$count' | '$ref';
  readonly options: NestedOptions;
  readonly at: number;
}

export interface NestedOptions {
  readonly compute?: readonly ComputeItem[];
  readonly select?: readonly SelectItem[];
  readonly filter?: ODataExpression;
  readonly search?: SearchExpr;
  readonly orderby?: readonly OrderItem[];
  readonly expand?: readonly ExpandItem[];
  readonly top?: number;
  readonly skip?: number;
  readonly count?: boolean;
  readonly levels?: number | 'max';
}

/** @returns the items of a whole option @throws SYNTAX_ERROR, UNKNOWN_OPTION, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseExpand(part: Pick<UrlPart, 'text' | 'at'>): ExpandItem[] {
  const tokens = new TokenStream(part);
  const items = parseExpandItems(tokens);
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
  const { path, suffix } = parsePath(tokens);
  const options = tokens.accept('(') ? parseOptions(tokens, suffix) : {};
  return { path, suffix, options, at };
}

function parsePath(tokens: TokenStream): Pick<ExpandItem, 'path' | 'suffix'> {
  const path: string[] = [];
  do {
    const { kind, text, at } = tokens.current;
    if (kind === 'alias') throw notServed('annotations in $expand', at);
    if (kind === 'dollar' && path.length > 0 && (text === '$count' || text === '$ref')) {
      tokens.advance();
      return { path, suffix: text };
    }
    if (kind === 'dollar') throw notServed(`${text} in $expand`, at);
    path.push((tokens.accept('*') ?? tokens.expect('name', 'the name of a relation')).text);
  } while (tokens.accept('/'));
  return { path };
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
/** What may stand behind `/$count` and `/$ref`. */
const allowedBehind = {
  $count: ['filter', 'search'],
  $ref: ['filter', 'search', 'orderby', 'top', 'skip', 'count'],
};

function parseOptions(tokens: TokenStream, suffix: '$count' | '$ref' | undefined): NestedOptions {
  const options: Record<string, unknown> = {};
  do {
    const { at } = tokens.current;
    const name = parseOptionName(tokens);
    if (name in options) throw syntaxError(`$${name} is given twice.`, at);
    if (suffix && !allowedBehind[suffix].includes(name)) {
      throw syntaxError(`$${name} can't stand behind /${suffix}.`, at);
    }
    tokens.expect('=', 'an equals sign');
    options[name] = valueParsers[name](tokens);
  } while (tokens.accept(';'));
  tokens.expect(')', '";" or a closing parenthesis');
  return options;
}

function parseOptionName(tokens: TokenStream): OptionName {
  const { kind, text, at } = tokens.current;
  const lower = text.toLowerCase().replace(/^\$/, '');
  const known = optionNames.find(option => option === lower);
  if (kind === 'alias') throw notServed('aliases inside $expand', at);
  if (kind !== 'dollar' && kind !== 'name') tokens.refuse('an option such as $select');
  if (lower === 'apply') throw notServed('$apply in $expand', at);
  if (!known) {
    throw fault('UNKNOWN_OPTION', `There is no option "${text}" in $expand.`, {
      hint: didYouMean(lower, optionNames),
      target: text,
      at,
    });
  }
  tokens.advance();
  return known;
}

const valueParsers: { readonly [N in OptionName]: (tokens: TokenStream) => NestedOptions[N] } = {
  compute: parseComputeItems,
  select: parseSelectItems,
  filter: parseExpression,
  search: parseNestedSearch,
  orderby: parseOrderItems,
  expand: parseExpandItems,
  top: parseNumber,
  skip: parseNumber,
  count: parseBoolean,
  levels: parseLevels,
};

/** Goes on to the next option or to the parenthesis that closes the options. */
function parseNestedSearch(tokens: TokenStream): SearchExpr {
  const { at } = tokens.current;
  for (let depth = 0; depth > 0 || !endsSearch(tokens); ) {
    if (tokens.is('end')) break;
    if (tokens.is('(')) depth++;
    if (tokens.is(')')) depth--;
    tokens.countNode();
    tokens.advance();
  }
  return parseSearch({ text: tokens.textFrom(at), at });
}

const endsSearch = (tokens: TokenStream): boolean =>
  tokens.is(')') || (tokens.is(';') && tokens.peek(2).kind === '=');

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

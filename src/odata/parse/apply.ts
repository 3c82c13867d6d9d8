// $apply: a sequence of transformations (OData Extension for Data Aggregation 4.0, 3; its ABNF, apply).

import type { AggregateFunction } from '../../query/ask/expression.ts';
import type { SearchExpr } from '../../query/ask/search-expression.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';
import { aggregateMethods, parseMethod } from './aggregate.ts';
import { type ComputeItem, parseComputeItems } from './compute.ts';
import { parseExpression } from './expression.ts';
import type { MemberNode, ODataExpression } from './odata-expression.ts';
import { type OrderItem, parseOrderItems } from './orderby.ts';
import { parseNestedSearch } from './search.ts';

export type Transformation = { readonly at: number } & (
  | { readonly kind: 'aggregate'; readonly items: readonly AggregateItem[] }
  /** `each` runs on every group; without it, the result is the values that the rows are grouped by. */
  | { readonly kind: 'groupby'; readonly by: readonly MemberNode[]; readonly each: readonly Transformation[] }
  | { readonly kind: 'filter'; readonly where: ODataExpression }
  | { readonly kind: 'search'; readonly search: SearchExpr }
  | { readonly kind: 'compute'; readonly items: readonly ComputeItem[] }
  | { readonly kind: 'concat'; readonly flows: readonly (readonly Transformation[])[] }
  | { readonly kind: 'orderby'; readonly items: readonly OrderItem[] }
  | { readonly kind: 'top' | 'skip'; readonly count: number }
  | { readonly kind: 'topcount' | 'bottomcount'; readonly count: number; readonly by: ODataExpression }
);

/** `price mul stock with sum as value`, `items/$count as lines`, `$count as number` */
export interface AggregateItem {
  readonly function: AggregateFunction;
  /** Absent: rows are counted. */
  readonly of?: ODataExpression;
  readonly name: string;
  readonly at: number;
}

/** @returns the transformations of an option @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseApply(part: Pick<UrlPart, 'text' | 'at'>): Transformation[] {
  const tokens = new TokenStream(part);
  const transformations = parseSequence(tokens);
  tokens.expect('end', 'a slash or the end');
  return transformations;
}

function parseSequence(tokens: TokenStream): Transformation[] {
  const transformations: Transformation[] = [];
  do {
    const transformation = tokens.nested(() => parseTransformation(tokens));
    if (transformation) transformations.push(transformation);
  } while (tokens.accept('/'));
  return transformations;
}

/** @returns nothing for `identity` */
function parseTransformation(tokens: TokenStream): Transformation | undefined {
  tokens.countNode();
  const { text, at } = tokens.expect('name', 'a transformation such as aggregate(...)');
  const name = text.toLowerCase();
  if (name === 'identity') return undefined;
  const parse = Object.hasOwn(parsers, name) ? parsers[name as keyof typeof parsers] : undefined;
  if (!parse) {
    throw notServed(`the transformation "${text}"`, at, `Supported are ${Object.keys(parsers).join(', ')}.`);
  }
  tokens.expect('(', 'an opening parenthesis');
  const transformation = parse(tokens, at);
  tokens.expect(')', 'a closing parenthesis');
  return transformation;
}

type Parse = (tokens: TokenStream, at: number) => Transformation;

const parsers = {
  aggregate: (tokens, at) => ({ kind: 'aggregate', items: parseAggregateItems(tokens), at }),
  groupby: (tokens, at) => ({ kind: 'groupby', ...parseGroupby(tokens), at }),
  filter: (tokens, at) => ({ kind: 'filter', where: parseExpression(tokens), at }),
  search: (tokens, at) => ({ kind: 'search', search: parseNestedSearch(tokens), at }),
  compute: (tokens, at) => ({ kind: 'compute', items: parseComputeItems(tokens), at }),
  concat: (tokens, at) => ({ kind: 'concat', flows: parseFlows(tokens), at }),
  orderby: (tokens, at) => ({ kind: 'orderby', items: parseOrderItems(tokens), at }),
  top: (tokens, at) => ({ kind: 'top', count: parseNumber(tokens), at }),
  skip: (tokens, at) => ({ kind: 'skip', count: parseNumber(tokens), at }),
  topcount: (tokens, at) => ({ kind: 'topcount', ...parseExtreme(tokens), at }),
  bottomcount: (tokens, at) => ({ kind: 'bottomcount', ...parseExtreme(tokens), at }),
} as const satisfies Readonly<Record<string, Parse>>;

/** Names of the supported transformations. */
export const transformationNames: readonly string[] = ['identity', ...Object.keys(parsers)];

function parseAggregateItems(tokens: TokenStream): AggregateItem[] {
  const items: AggregateItem[] = [];
  do {
    items.push(parseAggregateItem(tokens));
  } while (tokens.accept(','));
  return items;
}

function parseAggregateItem(tokens: TokenStream): AggregateItem {
  tokens.countNode();
  const { at } = tokens.current;
  if (tokens.accept('dollar', '$count')) return { function: 'count', name: parseAlias(tokens), at };
  const of = parseExpression(tokens);
  const method = parseMethod(tokens);
  if (tokens.isWord('from')) throw notServed('"from" in aggregate', tokens.current.at);
  if (method) return { function: method, of, name: parseAlias(tokens), at };
  // The number of related rows, summed over all rows.
  if (of.kind === 'count') return { function: 'sum', of, name: parseAlias(tokens), at };
  // The custom aggregate of a field is its sum, named like the field.
  if (of.kind === 'member' && of.names.length > 1 && tokens.is(')')) {
    throw notServed('aggregates of related entities without a method', at);
  }
  if (of.kind !== 'member' || of.names.length !== 1) {
    tokens.refuse('"with" and a method', `The methods are ${Object.keys(aggregateMethods).join(', ')}.`);
  }
  return { function: 'sum', of, name: tokens.isWord('as') ? parseAlias(tokens) : of.names[0]!, at };
}

function parseAlias(tokens: TokenStream): string {
  if (!tokens.isWord('as')) tokens.refuse('"as" and a name');
  tokens.advance();
  const { text, at } = tokens.expect('name', 'a name');
  if (text.includes('.')) throw syntaxError('The name of an aggregate cannot contain dots.', at);
  return text;
}

function parseGroupby(tokens: TokenStream): { by: MemberNode[]; each: Transformation[] } {
  tokens.expect('(', 'a second opening parenthesis');
  const by: MemberNode[] = [];
  do {
    by.push(parseGroupPath(tokens));
  } while (tokens.accept(','));
  tokens.expect(')', 'a comma or a closing parenthesis');
  return { by, each: tokens.accept(',') ? parseSequence(tokens) : [] };
}

function parseGroupPath(tokens: TokenStream): MemberNode {
  tokens.countNode();
  const { text, at } = tokens.current;
  if (/^rollup(?:recursive)?$/i.test(text) && tokens.peek(1).kind === '(') throw notServed(`"${text}"`, at);
  const names: string[] = [];
  do {
    names.push(tokens.expect('name', 'a field').text);
  } while (tokens.accept('/'));
  return { kind: 'member', names, at };
}

function parseFlows(tokens: TokenStream): Transformation[][] {
  const flows = [parseSequence(tokens)];
  while (tokens.accept(',')) flows.push(parseSequence(tokens));
  if (flows.length < 2) tokens.refuse('a comma and another transformation');
  return flows;
}

const parseNumber = (tokens: TokenStream): number =>
  Number(tokens.expect('integer', 'a whole number, zero or more').text);

function parseExtreme(tokens: TokenStream): { count: number; by: ODataExpression } {
  if (tokens.is('dollar')) throw notServed('a computed number of rows', tokens.current.at);
  const count = parseNumber(tokens);
  tokens.expect(',', 'a comma');
  return { count, by: parseExpression(tokens) };
}

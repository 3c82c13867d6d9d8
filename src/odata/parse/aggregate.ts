// Aggregates in expressions: `items/aggregate(price with max)`, `$these/aggregate(stock with sum)`, and their methods
// (OData Extension for Data Aggregation 4.0, 3.2.1 and 5.1).

import type { AggregateFunction } from '../../query/ask/expression.ts';
import { notServed } from '../url/syntax.ts';
import type { TokenStream } from '../url/token-stream.ts';
import type { AggregateNode, MemberNode, ParseExpression } from './odata-expression.ts';

export const aggregateMethods: Readonly<Record<string, AggregateFunction>> = {
  sum: 'sum',
  min: 'min',
  max: 'max',
  average: 'avg',
  countdistinct: 'countDistinct',
};

/** @returns the function that `with` names, or undefined without `with` @throws NOT_IMPLEMENTED */
export function parseMethod(tokens: TokenStream): AggregateFunction | undefined {
  if (!tokens.isWord('with')) return undefined;
  tokens.advance();
  const { text, at } = tokens.expect('name', 'a method such as "sum"');
  const method = aggregateMethods[text.toLowerCase()];
  if (method && Object.hasOwn(aggregateMethods, text.toLowerCase())) return method;
  throw notServed(`the method "${text}"`, at, `Supported are ${Object.keys(aggregateMethods).join(', ')}.`);
}

/**
 * @param over the collection; absent for `$these`, the current rows
 * @returns the aggregate whose opening parenthesis is the current token
 */
export function parseAggregate(
  tokens: TokenStream,
  over: MemberNode | undefined,
  parseInner: ParseExpression,
): AggregateNode {
  tokens.countNode();
  const { at } = tokens.expect('(', 'an opening parenthesis');
  const node = parseAggregated(tokens, parseInner);
  if (tokens.isWord('from')) throw notServed('"from" in aggregate', tokens.current.at);
  tokens.expect(')', 'a closing parenthesis');
  return { kind: 'aggregate', over, ...node, at };
}

function parseAggregated(
  tokens: TokenStream,
  parseInner: ParseExpression,
): Pick<AggregateNode, 'function' | 'of'> {
  if (tokens.accept('dollar', '$count')) return { function: 'count' };
  const of = tokens.nested(() => parseInner(tokens));
  const method = parseMethod(tokens);
  // The custom aggregate of a field is its sum.
  if (!method && of.kind !== 'member') tokens.refuse('"with" and a method');
  return { function: method ?? 'sum', of };
}

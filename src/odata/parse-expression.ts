// Expressions (OData ABNF, commonExpr and boolCommonExpr) by operator precedence: OData 4.01 Part 2, 5.1.1.14.

import type { BinaryOperator, CallNode, JunctionNode, ODataExpression, UnaryNode } from './expression.ts';
import { parseArray, parseLiteral, parseParenthesizedList } from './parse-literal.ts';
import { parseMember } from './parse-member.ts';
import { notServed } from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import type { UrlPart } from './url.ts';

/** How tightly each operator binds. `in` and `has` bind tighter than `not`: `not status in (...)` negates the whole. */
// biome-ignore format: a table
const strengths: ReadonlyMap<string, number> = new Map(
  Object.entries({
    or: 1, and: 2, eq: 3, ne: 3, gt: 4, ge: 4, lt: 4, le: 4, add: 5, sub: 5, mul: 6, div: 6, divby: 6, mod: 6, in: 8, has: 8,
  }),
);
const unaryStrength = 7;

/** @returns the expression that is the whole of an option's value @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseWholeExpression(part: Pick<UrlPart, 'text' | 'at'>): ODataExpression {
  const tokens = new TokenStream(part);
  const expression = parseExpression(tokens);
  tokens.expect('end', 'an operator or the end');
  return expression;
}

/** @returns the expression that begins at the current token; the stream stands behind it */
export const parseExpression = (tokens: TokenStream): ODataExpression => parseFrom(tokens, 0);

/** @param floor operators that bind no tighter than this end the expression */
const parseFrom = (tokens: TokenStream, floor: number): ODataExpression =>
  tokens.nested(() => {
    let left = parseOperand(tokens);
    for (;;) {
      const operator = operatorAt(tokens);
      const strength = operator === undefined ? 0 : strengths.get(operator)!;
      if (operator === undefined || strength <= floor) return left;
      left =
        operator === 'and' || operator === 'or'
          ? parseJunction(tokens, operator, strength, left)
          : parseBinary(tokens, operator as BinaryOperator, strength, left);
      tokens.countOperator();
    }
  });

/** Operators are words, so they count as such only where an operand has ended. */
function operatorAt(tokens: TokenStream): string | undefined {
  const { kind, text } = tokens.current;
  if (kind !== 'name') return undefined;
  const lower = text.toLowerCase();
  return strengths.has(lower) ? lower : undefined;
}

/** All terms of one chain lie side by side, so that a thousand of them make no tree of a thousand levels. */
function parseJunction(
  tokens: TokenStream,
  kind: 'and' | 'or',
  strength: number,
  first: ODataExpression,
): JunctionNode {
  const { at } = tokens.current;
  const items = [first];
  while (operatorAt(tokens) === kind) {
    tokens.advance();
    items.push(parseFrom(tokens, strength));
  }
  return { kind, items, at };
}

function parseBinary(
  tokens: TokenStream,
  operator: BinaryOperator,
  strength: number,
  left: ODataExpression,
): ODataExpression {
  const { at } = tokens.advance();
  const right = operator === 'in' ? parseListOperand(tokens) : parseFrom(tokens, strength);
  return { kind: 'binary', operator, left, right, at };
}

/** After `in`: a list, or something that is one. */
function parseListOperand(tokens: TokenStream): ODataExpression {
  if (!tokens.is('(')) return tokens.nested(() => parseOperand(tokens));
  const { kind, text, at } = tokens.peek(1);
  if (kind === 'name' && !isLiteralWord(text) && tokens.peek(2).kind === ')') {
    throw notServed('"in" with a field in parentheses', at, 'Leave the parentheses out.');
  }
  return parseParenthesizedList(tokens);
}

const isLiteralWord = (text: string): boolean => /^(?:null|true|false|INF|NaN)$/i.test(text);

function parseOperand(tokens: TokenStream): ODataExpression {
  tokens.countNode();
  const literal = parseLiteral(tokens);
  if (literal) return literal;
  const { kind, text, at } = tokens.current;
  if (kind === '(') return parseParenthesized(tokens);
  if (kind === '[') return parseArray(tokens);
  if (kind === '{') throw notServed('objects as values', at);
  if (kind === '-') return parseUnary(tokens, 'negate');
  if (kind === 'alias') return parseAlias(tokens);
  if (isNegation(tokens)) return parseUnary(tokens, 'not');
  if (kind === 'name' && tokens.peek(1).kind === '(') return parseCall(tokens, text);
  return parseMember(tokens, parseExpression);
}

/** A field may be called `not`: then an operator, a slash or the end follows. */
function isNegation(tokens: TokenStream): boolean {
  if (!tokens.isWord('not')) return false;
  const { kind, text } = tokens.peek(1);
  if (kind === 'name') return !strengths.has(text.toLowerCase());
  return kind !== 'end' && kind !== '/' && kind !== ')' && kind !== ',' && kind !== ';';
}

function parseParenthesized(tokens: TokenStream): ODataExpression {
  tokens.advance();
  const inner = parseExpression(tokens);
  if (tokens.is(',')) tokens.refuse('a closing parenthesis', 'Only "in" takes a list of values.');
  tokens.expect(')', 'a closing parenthesis');
  return inner;
}

function parseUnary(tokens: TokenStream, kind: 'not' | 'negate'): UnaryNode {
  const { at } = tokens.advance();
  return { kind, item: parseFrom(tokens, unaryStrength), at };
}

function parseAlias(tokens: TokenStream): ODataExpression {
  const { text, at } = tokens.advance();
  if (text.includes('.')) throw notServed('annotations in expressions', at);
  if (tokens.is('/')) throw notServed('paths that begin with an alias', at);
  return { kind: 'alias', name: text, at };
}

function parseCall(tokens: TokenStream, name: string): CallNode {
  if (name === 'any' || name === 'all') tokens.refuse('a collection before it', `Write items/${name}(...).`);
  const { at } = tokens.advance();
  tokens.expect('(', 'an opening parenthesis');
  const args: ODataExpression[] = [];
  while (!tokens.accept(')')) {
    if (args.length > 0) tokens.expect(',', 'a comma or a closing parenthesis');
    if (tokens.peek(1).kind === '=') throw notServed('custom functions in expressions', at);
    args.push(parseExpression(tokens));
  }
  return { kind: 'call', name, args, at };
}

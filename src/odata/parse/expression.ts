// Expressions (OData ABNF, commonExpr and boolCommonExpr) by operator precedence: OData 4.01 Part 2, 5.1.1.14.

import { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';
import { parseArguments } from './key.ts';
import { parseArray, parseLiteral, parseObject, parseParenthesizedList } from './literal.ts';
import { parseMember, parseSteps } from './member.ts';
import type {
  BinaryOperator,
  CallNode,
  CaseNode,
  JunctionNode,
  MemberNode,
  ODataExpression,
  UnaryNode,
} from './odata-expression.ts';

/** Operator precedence. `in` and `has` bind tighter than `not`: `not status in (...)` negates all of it. */
// biome-ignore format: a table
const strengths: ReadonlyMap<string, number> = new Map(
  Object.entries({
    or: 1, and: 2, eq: 3, ne: 3, gt: 4, ge: 4, lt: 4, le: 4, add: 5, sub: 5, mul: 6, div: 6, divby: 6, mod: 6, in: 8, has: 8,
  }),
);
const unaryStrength = 7;

/** @returns the expression that makes up an option's value @throws SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseWholeExpression(part: Pick<UrlPart, 'text' | 'at'>): ODataExpression {
  const tokens = new TokenStream(part);
  const expression = parseExpression(tokens);
  tokens.expect('end', 'an operator or the end');
  return expression;
}

/** @returns the expression that starts at the current token; the stream moves past it */
export const parseExpression = (tokens: TokenStream): ODataExpression => parseFrom(tokens, 0);

/** @param floor operators that do not bind tighter than this end the expression */
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

/** Operators are words, so they are recognized only after an operand. */
function operatorAt(tokens: TokenStream): string | undefined {
  const { kind, text } = tokens.current;
  if (kind !== 'name') return undefined;
  const lower = text.toLowerCase();
  return strengths.has(lower) ? lower : undefined;
}

/** Keeps all terms of a chain on one level: a thousand terms must not become a tree of a thousand levels. */
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

/** After `in`: a list, or an expression that yields one. */
function parseListOperand(tokens: TokenStream): ODataExpression {
  if (!tokens.is('(')) return tokens.nested(() => parseOperand(tokens));
  const { kind, text } = tokens.peek(1);
  const isField = kind === 'name' && !isLiteralWord(text) && endsField.has(tokens.peek(2).kind);
  if (isField || kind === 'dollar') return parseParenthesized(tokens);
  return parseParenthesizedList(tokens, parseExpression);
}

/** What may follow a field name in parentheses: their end, or the rest of a path. */
const endsField: ReadonlySet<string> = new Set([')', '/']);
const isLiteralWord = (text: string): boolean => /^(?:null|true|false|INF|NaN)$/i.test(text);

function parseOperand(tokens: TokenStream): ODataExpression {
  tokens.countNode();
  const literal = parseLiteral(tokens);
  if (literal) return literal;
  const { kind, text } = tokens.current;
  if (kind === '(') return parseParenthesized(tokens);
  if (kind === '[') return parseArray(tokens, parseExpression);
  if (kind === '{') return parseObject(tokens, parseExpression);
  if (kind === '-') return parseUnary(tokens, 'negate');
  if (kind === 'alias') return parseAlias(tokens);
  if (isNegation(tokens)) return parseUnary(tokens, 'not');
  if (kind === 'name' && tokens.peek(1).kind === '(') return parseCall(tokens, text);
  return parseMember(tokens, parseExpression);
}

/** A field may be named `not`: then an operator, a slash or the end follows. */
function isNegation(tokens: TokenStream): boolean {
  if (!tokens.isWord('not')) return false;
  const { kind, text } = tokens.peek(1);
  if (kind === 'name') return !strengths.has(text.toLowerCase());
  return kind !== 'end' && kind !== '/' && kind !== ')' && kind !== ',' && kind !== ';';
}

function parseParenthesized(tokens: TokenStream): ODataExpression {
  tokens.advance();
  const inner = parseExpression(tokens);
  if (tokens.is(',')) tokens.refuse('a closing parenthesis', 'Only "in" accepts a list of values.');
  tokens.expect(')', 'a closing parenthesis');
  return inner;
}

function parseUnary(tokens: TokenStream, kind: 'not' | 'negate'): UnaryNode {
  const { at } = tokens.advance();
  return { kind, item: parseFrom(tokens, unaryStrength), at };
}

/** A parameter alias; before a slash, the path that starts with its value. */
function parseAlias(tokens: TokenStream): ODataExpression {
  const { text, at } = tokens.advance();
  const isAnnotation = text.includes('.');
  if (!isAnnotation && !tokens.is('/')) return { kind: 'alias', name: text, at };
  const start: MemberNode = isAnnotation
    ? { kind: 'member', names: [text], foreign: 'annotations in expressions', at }
    : { kind: 'member', alias: text, names: [], at };
  return parseSteps(tokens, start, parseExpression);
}

function parseCall(tokens: TokenStream, name: string): ODataExpression {
  if (name === 'any' || name === 'all') tokens.refuse('a collection before it', `Write items/${name}(...).`);
  const { at } = tokens.advance();
  tokens.expect('(', 'an opening parenthesis');
  if (name.toLowerCase() === 'case') return parseCase(tokens, at);
  const call: CallNode = { kind: 'call', name, ...parseArguments(tokens, parseExpression), at };
  if (!tokens.is('/')) return call;
  const foreign = `paths that begin with "${name}(...)"`;
  return parseSteps(tokens, { kind: 'member', names: [name], foreign, at }, parseExpression);
}

/** `case(price gt 100:'dear',true:'cheap')` */
function parseCase(tokens: TokenStream, at: number): CaseNode {
  const branches: CaseNode['branches'][number][] = [];
  do {
    const when = parseExpression(tokens);
    tokens.expect(':', 'a colon and a value');
    branches.push({ when, value: parseExpression(tokens) });
  } while (tokens.accept(','));
  tokens.expect(')', 'a closing parenthesis');
  return { kind: 'case', branches, at };
}

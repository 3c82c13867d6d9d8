// Paths in expressions, and what may end them: `/$count`, `/any(...)`, `/all(...)` (OData ABNF, firstMemberExpr).

import type { SearchExpr } from '../../query/ask/search-expression.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import type { TokenStream } from '../url/token-stream.ts';
import { parseAggregate } from './aggregate.ts';
import { parseArguments, parseKey } from './key.ts';
import type {
  AggregateNode,
  CountNode,
  LambdaNode,
  MemberNode,
  ParseExpression,
} from './odata-expression.ts';
import { parseNestedSearch } from './search.ts';

const roots = ['$it', '$this', '$root'] as const;

/** @returns the path that starts at the current token, a name or a root @throws SYNTAX_ERROR, NOT_IMPLEMENTED */
export function parseMember(
  tokens: TokenStream,
  parseInner: ParseExpression,
): MemberNode | CountNode | LambdaNode | AggregateNode {
  tokens.countNode();
  const { at } = tokens.current;
  if (tokens.is('dollar', '$these')) return parseThese(tokens, parseInner);
  const root = parseRoot(tokens);
  const names = root ? [] : [tokens.expect('name', 'a field, a value or a function').text];
  return parseSteps(tokens, { kind: 'member', root, names, at }, parseInner);
}

/** @param start the path so far @returns the path including the steps that follow */
export function parseSteps(
  tokens: TokenStream,
  start: MemberNode,
  parseInner: ParseExpression,
): MemberNode | CountNode | LambdaNode | AggregateNode {
  let member = start;
  while (tokens.accept('/')) {
    const step = parseStep(tokens, member, parseInner);
    if (step.kind !== 'member') return step;
    member = step;
  }
  return member;
}

function parseStep(
  tokens: TokenStream,
  member: MemberNode,
  parseInner: ParseExpression,
): MemberNode | CountNode | LambdaNode | AggregateNode {
  if (tokens.is('dollar')) return parseDollarSegment(tokens, member, parseInner);
  const { text } = tokens.accept('alias') ?? tokens.expect('name', 'the name of a field');
  if (!tokens.is('(')) return withName(member, text);
  if (isAggregate(text)) return parseAggregate(tokens, member, parseInner);
  tokens.advance();
  if (isLambda(text)) return parseLambda(tokens, text, member, parseInner);
  if (member.root === '$root' && member.names.length === 0 && !tokens.is(')')) {
    return { ...withName(member, text), key: parseKey(tokens) };
  }
  tokens.countNode();
  tokens.nested(() => parseArguments(tokens, parseInner));
  return { ...member, foreign: `"${text}(...)" on a path in an expression` };
}

/** Appends in place: copying a path of thousands of names once per name would take long. */
function withName(member: MemberNode, name: string): MemberNode {
  (member.names as string[]).push(name);
  return name.startsWith('@') ? { ...member, foreign: 'annotations in expressions' } : member;
}

/** The name has been read; the current token follows it. */
const isAggregate = (name: string): boolean => name === 'aggregate';

/** `$these/aggregate(...)` or `$these/$count` */
function parseThese(tokens: TokenStream, parseInner: ParseExpression): AggregateNode {
  const { at } = tokens.advance();
  tokens.expect('/', 'a slash');
  if (tokens.accept('dollar', '$count')) return { kind: 'aggregate', function: 'count', at };
  const { text } = tokens.expect('name', '"aggregate" or "$count"');
  if (!isAggregate(text)) throw notServed(`"$these/${text}"`, at);
  return { ...parseAggregate(tokens, undefined, parseInner), at };
}

const isLambda = (name: string): name is 'any' | 'all' => name === 'any' || name === 'all';

function parseRoot(tokens: TokenStream): MemberNode['root'] {
  const root = tokens.is('dollar') && roots.find(other => other === tokens.current.text);
  if (!root) return undefined;
  tokens.advance();
  return root;
}

function parseDollarSegment(
  tokens: TokenStream,
  over: MemberNode,
  parseInner: ParseExpression,
): CountNode | MemberNode {
  const { text, at } = tokens.advance();
  tokens.countNode();
  if (text === '$count') return parseCount(tokens, { kind: 'count', over, at }, parseInner);
  if (text === '$filter') return parseFiltered(tokens, over, parseInner);
  throw notServed(`"/${text}" in an expression`, at);
}

/** `products/$filter(price gt 5)`; several filters on a path are combined with `and` */
function parseFiltered(tokens: TokenStream, over: MemberNode, parseInner: ParseExpression): MemberNode {
  const { at } = tokens.expect('(', 'an opening parenthesis');
  const filter = tokens.nested(() => parseInner(tokens));
  tokens.expect(')', 'a closing parenthesis');
  const filtered: MemberNode = {
    ...over,
    filter: over.filter ? { kind: 'and', items: [over.filter, filter], at } : filter,
  };
  if (!tokens.accept('(')) return filtered;
  parseKey(tokens);
  return { ...filtered, foreign: 'keys behind "/$filter" in an expression' };
}

function parseCount(tokens: TokenStream, count: CountNode, parseInner: ParseExpression): CountNode {
  if (!tokens.accept('(')) return count;
  const options: { filter?: CountNode['filter']; search?: SearchExpr } = {};
  do {
    const option = tokens.advance();
    const name = option.text.toLowerCase().replace(/^\$/, '');
    if (name in options) throw syntaxError(`$${name} is specified twice.`, option.at);
    tokens.expect('=', 'an equals sign');
    if (name === 'filter') options.filter = tokens.nested(() => parseInner(tokens));
    else if (name === 'search') options.search = parseNestedSearch(tokens);
    else
      throw syntaxError(
        `$count does not take the option "${option.text}".`,
        option.at,
        'Use $filter or $search.',
      );
  } while (tokens.accept(';'));
  tokens.expect(')', 'a closing parenthesis');
  return { ...count, ...options };
}

function parseLambda(
  tokens: TokenStream,
  kind: 'any' | 'all',
  over: MemberNode,
  parseInner: ParseExpression,
): LambdaNode {
  tokens.countNode();
  const { at } = tokens.current;
  if (kind === 'any' && tokens.accept(')')) return { kind, over, at };
  const variable = tokens.expect('name', 'a variable such as "x" in "any(x:x eq 1)"').text;
  tokens.expect(':', 'a colon after the variable');
  const where = tokens.nested(() => parseInner(tokens));
  tokens.expect(')', 'a closing parenthesis');
  return { kind, over, variable, where, at };
}

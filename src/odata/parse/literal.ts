// Literals: primitive values (OData ABNF, primitiveLiteral) and lists of them.

import { syntaxError } from '../url/syntax.ts';
import type { TokenStream } from '../url/token-stream.ts';
import type { Token } from '../url/tokens.ts';
import type {
  ListNode,
  LiteralNode,
  LiteralType,
  ObjectNode,
  ODataExpression,
  ParseExpression,
} from './odata-expression.ts';

/** @returns the literal that starts at the current token, or undefined */
export function parseLiteral(tokens: TokenStream): LiteralNode | undefined {
  const { kind, text, at } = tokens.current;
  switch (kind) {
    case 'string':
    case 'integer':
    case 'decimal':
    case 'double':
    case 'guid':
    case 'date':
    case 'timeOfDay':
      return take(tokens, kind, text);
    case 'jsonString':
      return take(tokens, 'string', text);
    case 'dateTimeOffset':
      return take(tokens, kind, withZone(text, at));
    case 'typed':
      return parseTyped(tokens, tokens.current);
    case '-':
    case '+':
      return parseSigned(tokens, kind);
    case 'name':
      return parseWord(tokens);
    default:
      return undefined;
  }
}

/** Parses `["a","b"]`, whose items may be any expressions. @throws SYNTAX_ERROR */
export const parseArray = (tokens: TokenStream, parseInner: ParseExpression): ListNode =>
  parseItems(tokens, ']', () => parseInner(tokens));

/** Parses `('a','b')` as used after `in`: values, no fields. @throws SYNTAX_ERROR */
export const parseParenthesizedList = (tokens: TokenStream, parseInner: ParseExpression): ListNode =>
  parseItems(tokens, ')', () => parseValue(tokens, parseInner));

function parseItems(tokens: TokenStream, closing: ')' | ']', parse: () => ODataExpression): ListNode {
  const { at } = tokens.advance();
  const items: ODataExpression[] = [];
  while (!tokens.accept(closing)) {
    if (items.length > 0) tokens.expect(',', 'a comma or the end of the list');
    tokens.countNode();
    items.push(tokens.nested(parse));
  }
  return { kind: 'list', items, at };
}

function parseValue(tokens: TokenStream, parseInner: ParseExpression): ODataExpression {
  if (tokens.is('[')) return parseArray(tokens, parseInner);
  if (tokens.is('{')) return parseObject(tokens, parseInner);
  const alias = tokens.accept('alias');
  if (alias) return { kind: 'alias', name: alias.text, at: alias.at };
  return parseLiteral(tokens) ?? tokens.refuse('a value', 'Lists can contain only values, not fields.');
}

/** Parses `{"name":"value"}`, whose values may be any expressions. @throws SYNTAX_ERROR */
export function parseObject(tokens: TokenStream, parseInner: ParseExpression): ObjectNode {
  const { at } = tokens.advance();
  const members: ObjectNode['members'][number][] = [];
  while (!tokens.accept('}')) {
    if (members.length > 0) tokens.expect(',', 'a comma or the end of the object');
    tokens.countNode();
    const name = tokens.expect('jsonString', 'a name in double quotes').text;
    tokens.expect(':', 'a colon');
    members.push({ name, value: tokens.nested(() => parseInner(tokens)) });
  }
  return { kind: 'object', members, at };
}

function take(tokens: TokenStream, type: LiteralType, text: string): LiteralNode {
  return { kind: 'literal', type, text, at: tokens.advance().at };
}

/** `null`, `true`, `INF` and so on, unless the word starts a path or a call. */
function parseWord(tokens: TokenStream): LiteralNode | undefined {
  if (tokens.peek(1).kind === '/' || tokens.peek(1).kind === '(') return undefined;
  const { text } = tokens.current;
  const lower = text.toLowerCase();
  if (text === 'null') return take(tokens, 'null', text);
  if (lower === 'true' || lower === 'false') return take(tokens, 'boolean', lower);
  if (text === 'INF' || text === 'NaN') return take(tokens, 'double', text);
  return undefined;
}

const signable = new Set(['integer', 'decimal', 'double']);

/** A sign directly before a number belongs to it, so that the smallest Int64 can be written. */
function parseSigned(tokens: TokenStream, sign: '-' | '+'): LiteralNode | undefined {
  const { kind, text } = tokens.peek(1);
  const isNumber = signable.has(kind) || (sign === '-' && kind === 'name' && text === 'INF');
  if (!isNumber) return undefined;
  const { at } = tokens.advance();
  const number = parseLiteral(tokens);
  return number && { ...number, text: sign === '-' ? `-${number.text}` : number.text, at };
}

/** In a URL a plus sign means a space, so the offset `+02:00` often arrives with a space. */
function withZone(text: string, at: number): string {
  if (!/(?:Z|[-+ ]\d\d:\d\d)$/i.test(text)) {
    throw syntaxError('A date with a time needs a time zone.', at, `Write ${text}Z for UTC.`);
  }
  return text.replace(' ', '+').toUpperCase();
}

const prefixes: Readonly<Record<string, LiteralType>> = {
  duration: 'duration',
  binary: 'binary',
  geography: 'geography',
  geometry: 'geometry',
};

/** Prefixes that only OData V2 and V3 have. */
const formerPrefixes = new Set(['datetime', 'datetimeoffset', 'guid', 'time', 'x']);

function parseTyped(tokens: TokenStream, { prefix = '', text, at }: Token): LiteralNode {
  const type = prefixes[prefix.toLowerCase()];
  if (type) return take(tokens, type, text);
  if (formerPrefixes.has(prefix.toLowerCase())) {
    throw syntaxError(
      `OData V4 has no literals with the prefix "${prefix}".`,
      at,
      `Write ${text} without the prefix and quotes.`,
    );
  }
  return { ...take(tokens, 'enum', text), enumType: prefix };
}

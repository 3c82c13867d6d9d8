// Literals: primitive values (OData ABNF, primitiveLiteral) and lists of them.

import type { AliasNode, ListNode, LiteralNode, LiteralType } from './expression.ts';
import { notServed, syntaxError } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** @returns the literal that begins at the current token, or undefined when none does */
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

/** @returns `["a","b"]` @throws SYNTAX_ERROR, NOT_IMPLEMENTED */
export const parseArray = (tokens: TokenStream): ListNode => parseItems(tokens, ']');

/** @returns `('a','b')` as it stands after `in` @throws SYNTAX_ERROR, NOT_IMPLEMENTED */
export const parseParenthesizedList = (tokens: TokenStream): ListNode => parseItems(tokens, ')');

function parseItems(tokens: TokenStream, closing: ')' | ']'): ListNode {
  const { at } = tokens.advance();
  const items: ListNode['items'][number][] = [];
  while (!tokens.accept(closing)) {
    if (items.length > 0) tokens.expect(',', 'a comma or the end of the list');
    items.push(tokens.nested(() => parseItem(tokens, closing)));
  }
  return { kind: 'list', items, at };
}

function parseItem(tokens: TokenStream, closing: ')' | ']'): LiteralNode | AliasNode | ListNode {
  tokens.countNode();
  if (tokens.is('[')) return parseArray(tokens);
  if (tokens.is('{')) throw notServed('objects as values', tokens.current.at);
  const alias = tokens.accept('alias');
  if (alias) return { kind: 'alias', name: alias.text, at: alias.at };
  const literal = parseLiteral(tokens);
  if (literal) return literal;
  const { kind, at } = tokens.current;
  if (closing === ']' && (kind === 'name' || kind === 'dollar')) throw notServed('fields in arrays', at);
  return tokens.refuse('a value', 'Lists hold values, no fields.');
}

function take(tokens: TokenStream, type: LiteralType, text: string): LiteralNode {
  return { kind: 'literal', type, text, at: tokens.advance().at };
}

/** `null`, `true`, `INF` and so on, unless a path or a call begins with the word. */
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

/** A sign right before a number is part of it, so that the smallest Int64 can be said. */
function parseSigned(tokens: TokenStream, sign: '-' | '+'): LiteralNode | undefined {
  const { kind, text } = tokens.peek(1);
  const isNumber = signable.has(kind) || (sign === '-' && kind === 'name' && text === 'INF');
  if (!isNumber) return undefined;
  const { at } = tokens.advance();
  const number = parseLiteral(tokens);
  return number && { ...number, text: sign === '-' ? `-${number.text}` : number.text, at };
}

/** In a URL a plus sign means a space, so the zone `+02:00` often arrives with one. */
function withZone(text: string, at: number): string {
  if (!/(?:Z|[-+ ]\d\d:\d\d)$/i.test(text)) {
    throw syntaxError('A date with a time needs its time zone.', at, `Write ${text}Z for UTC.`);
  }
  return text.replace(' ', '+').toUpperCase();
}

const prefixes: Readonly<Record<string, LiteralType>> = {
  duration: 'duration',
  binary: 'binary',
  geography: 'geography',
  geometry: 'geometry',
};

/** Spelled with a prefix in OData V2 and V3 only. */
const formerPrefixes = new Set(['datetime', 'datetimeoffset', 'guid', 'time', 'x']);

function parseTyped(tokens: TokenStream, { prefix = '', text, at }: Token): LiteralNode {
  const type = prefixes[prefix.toLowerCase()];
  if (type) return take(tokens, type, text);
  if (formerPrefixes.has(prefix.toLowerCase())) {
    throw syntaxError(
      `OData V4 has no literals with the prefix ${prefix}.`,
      at,
      `Write ${text} without prefix and quotes.`,
    );
  }
  return { ...take(tokens, 'enum', text), enumType: prefix };
}

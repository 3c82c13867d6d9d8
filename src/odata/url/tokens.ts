// Tokenizes the text of an option or a path segment, in one pass from left to right.

import { uuidSource } from '../../base/uuid.ts';
import { expressionLengthMax, syntaxError, tooMuch } from './syntax.ts';

type LiteralTokenKind =
  | 'string'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'guid'
  | 'date'
  | 'dateTimeOffset'
  | 'timeOfDay';
type Punctuation = '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | ':' | '/' | '=' | '*' | '-' | '+' | '.';
export type TokenKind =
  | LiteralTokenKind
  | Punctuation
  /** An identifier, or several joined by dots: `name`, `Portolan.Product`. */
  | 'name'
  /** `$it`, `$count`. */
  | 'dollar'
  /** `@p`: a parameter alias, or an annotation. */
  | 'alias'
  /** A quoted value with its type before it: `duration'PT1H'`. The text is the value, `prefix` the type. */
  | 'typed'
  /** A string in double quotes, as JSON writes it. */
  | 'jsonString'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Without quotes and escapes. */
  readonly text: string;
  readonly at: number;
  readonly prefix?: string;
}

const identifierLengthMax = 128;
const punctuation = new Set('()[]{},;:/=*-+.');

/**
 * @param base the offset of the text in the request's source text; every token's `at` includes it
 * @returns tokens, the last of kind `end`
 * @throws SYNTAX_ERROR, LIMIT_EXCEEDED
 */
export function toTokens(text: string, base: number): Token[] {
  if (text.length > expressionLengthMax) {
    throw tooMuch(`An option may have at most ${expressionLengthMax} characters.`, base);
  }
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const { end, ...token } = scan(text, at, base);
    tokens.push({ ...token, at: base + at });
    at = end;
  }
  tokens.push({ kind: 'end', text: '', at: base + text.length });
  return tokens;
}

/** A token, and the offset after it. */
type Scanned = Omit<Token, 'at'> & { readonly end: number };

function scan(text: string, at: number, base: number): Scanned {
  const character = text[at]!;
  if (character === "'") return scanString(text, at, base);
  if (character === '"') return scanJsonString(text, at, base);
  if (character === '$' || character === '@') return scanMarked(text, at, base);
  const literal = isHexDigit(text.charCodeAt(at)) && scanLiteral(text, at, base);
  if (literal) return literal;
  const name = match(namePattern, text, at);
  if (name !== undefined) return scanName(text, at, base, name);
  if (punctuation.has(character)) return { kind: character as Punctuation, text: character, end: at + 1 };
  throw syntaxError(`${JSON.stringify(character)} is not allowed here.`, base + at);
}

/** The standard allows space and tab; line breaks are accepted too, since users write them. */
function skipSpace(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code === 32 || (code >= 9 && code <= 13); code = text.charCodeAt(end))
    end++;
  return end;
}

const identifier = String.raw`[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*`;
const namePattern = new RegExp(String.raw`${identifier}(?:\.${identifier})*`, 'uy');
const literalPatterns: readonly (readonly [LiteralTokenKind, RegExp])[] = [
  ['guid', new RegExp(uuidSource, 'iy')],
  // A plus sign that was sent unencoded arrives as a space.
  ['dateTimeOffset', /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[-+ ]\d\d:\d\d)?/iy],
  ['date', /\d{4}-\d\d-\d\d/y],
  ['timeOfDay', /\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?/y],
  ['double', /\d+(?:\.\d+)?e[-+]?\d+/iy],
  ['decimal', /\d+\.\d+/y],
  ['integer', /\d+/y],
];

/** @returns undefined for a name that only looks like the start of a literal, such as `abc` */
function scanLiteral(text: string, at: number, base: number): Scanned | undefined {
  const startsWithDigit = text.charCodeAt(at) < 58;
  if (!startsWithDigit && text[at + 8] !== '-') return undefined;
  for (const [kind, pattern] of startsWithDigit ? literalPatterns : literalPatterns.slice(0, 1)) {
    const found = match(pattern, text, at);
    if (found === undefined) continue;
    const end = at + found.length;
    refuseTail(text, end, base);
    return { kind, text: found, end };
  }
  return undefined;
}

/** A literal must not be followed directly by a letter or dot: `5L` and `1.` are not numbers in OData V4. */
function refuseTail(text: string, end: number, base: number): void {
  if (text[end] !== '.' && match(namePattern, text, end) === undefined) return;
  throw syntaxError(`${JSON.stringify(text[end])} is not allowed directly after a value.`, base + end);
}

/** A quote inside a string is doubled. */
function scanString(text: string, at: number, base: number): Scanned {
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf("'", from);
    if (quote < 0)
      throw syntaxError(
        'The string has no closing quote.',
        base + at,
        "Write a quote inside a string as ''.",
      );
    if (text[quote + 1] !== "'") {
      return { kind: 'string', text: text.slice(at + 1, quote).replaceAll("''", "'"), end: quote + 1 };
    }
    from = quote + 2;
  }
}

const jsonStringPattern = /"(?:[^"\\]|\\.)*"/sy;

function scanJsonString(text: string, at: number, base: number): Scanned {
  const found = match(jsonStringPattern, text, at);
  if (found === undefined) throw syntaxError('The string has no closing quote.', base + at);
  try {
    return { kind: 'jsonString', text: JSON.parse(found), end: at + found.length };
  } catch {
    throw syntaxError('The string is not a valid JSON string.', base + at);
  }
}

function scanMarked(text: string, at: number, base: number): Scanned {
  const name = match(namePattern, text, at + 1);
  if (name === undefined) throw syntaxError(`A name must follow "${text[at]}".`, base + at);
  const end = at + 1 + name.length;
  if (text[at] === '$') return { kind: 'dollar', text: `$${name}`, end };
  const qualifier = text[end] === '#' ? match(namePattern, text, end + 1) : undefined;
  return { kind: 'alias', text: `@${name}`, end: qualifier === undefined ? end : end + 1 + qualifier.length };
}

function scanName(text: string, at: number, base: number, name: string): Scanned {
  const end = at + name.length;
  if (name.split('.').some(part => part.length > identifierLengthMax)) {
    throw tooMuch(`A name may have at most ${identifierLengthMax} characters.`, base + at);
  }
  if (text[end] !== "'") return { kind: 'name', text: name, end };
  const value = scanString(text, end, base);
  return { kind: 'typed', text: value.text, prefix: name, end: value.end };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const isHexDigit = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);

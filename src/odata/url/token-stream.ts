// A cursor over tokens that also enforces the limits: levels of nesting and number of nodes.

import type { Fault } from '../../base/errors.ts';
import {
  expressionDepthMax,
  expressionHeightMax,
  expressionNodesMax,
  syntaxError,
  tooMuch,
} from './syntax.ts';
import { type Token, type TokenKind, toTokens } from './tokens.ts';
import type { UrlPart } from './url.ts';

export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #part: Pick<UrlPart, 'text' | 'at'>;
  #index = 0;
  #depth = 0;
  /** Height of the trees parsed so far on this level. Code that walks the tree later relies on its limit. */
  #height = 0;
  #nodes = 0;

  /** @throws SYNTAX_ERROR, LIMIT_EXCEEDED */
  constructor(part: Pick<UrlPart, 'text' | 'at'>) {
    this.#part = part;
    this.#tokens = toTokens(part.text, part.at);
  }

  get current(): Token {
    return this.#tokens[this.#index]!;
  }

  /** @returns the token this many places ahead; beyond the end, the end token */
  peek(places: number): Token {
    return this.#tokens[this.#index + places] ?? this.#tokens.at(-1)!;
  }

  /** @returns the text from an offset up to the current token, as written */
  textFrom(at: number): string {
    const { text, at: base } = this.#part;
    return text.slice(at - base, this.current.at - base);
  }

  /** Moves past the current token. @returns that token */
  advance(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.current.kind === kind && (text === undefined || this.current.text === text);
  }

  /** Whether the current token is this word, in any case. */
  isWord(word: string): boolean {
    return this.current.kind === 'name' && this.current.text.toLowerCase() === word;
  }

  /** Moves past the current token if it is of this kind. @returns that token, or undefined */
  accept(kind: TokenKind, text?: string): Token | undefined {
    return this.is(kind, text) ? this.advance() : undefined;
  }

  /** @param what describes the expected token: `a closing parenthesis` @throws SYNTAX_ERROR */
  expect(kind: TokenKind, what: string): Token {
    return this.accept(kind) ?? this.refuse(what);
  }

  /** Reports the current token as unexpected. @throws SYNTAX_ERROR */
  refuse(expected: string, hint?: string): never {
    const { kind, text, prefix, at } = this.current;
    const found = kind === 'end' ? 'the end' : `"${prefix ?? ''}${shorten(text)}"`;
    throw syntaxError(`Expected ${expected} but found ${found}.`, at, hint);
  }

  /** Counts a node. @throws LIMIT_EXCEEDED */
  countNode(): void {
    if (++this.#nodes > expressionNodesMax) throw tooMuch('The expression is too long.', this.current.at);
  }

  /** Parses one level deeper. @throws LIMIT_EXCEEDED, before the call stack could overflow */
  nested<T>(work: () => T): T {
    if (++this.#depth > expressionDepthMax) throw this.#tooDeep();
    const heightBefore = this.#height;
    this.#height = 0;
    const result = work();
    this.#height = Math.max(heightBefore, this.#height + 1);
    this.#depth--;
    return result;
  }

  /** Counts an operator of a chain such as `a add b add c`, which makes the tree higher without nesting. */
  countOperator(): void {
    this.countNode();
    if (++this.#height > expressionHeightMax) throw this.#tooDeep();
  }

  #tooDeep(): Fault {
    return tooMuch('The expression is nested too deeply.', this.current.at);
  }
}

const shownMax = 40;
const shorten = (text: string): string => (text.length > shownMax ? `${text.slice(0, shownMax)}…` : text);

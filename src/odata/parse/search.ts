// $search (OData 4.01 Part 2, 5.1.7; ABNF, searchExpr): adjacent words must all occur; AND, OR and NOT, phrases in double
// quotes, parentheses. Operators are upper case, and are words where no operator can be.

import { type SearchExpr, searchWord } from '../../query/ask/search-expression.ts';
import { expressionDepthMax, expressionLengthMax, syntaxError, tooMuch } from '../url/syntax.ts';
import type { TokenStream } from '../url/token-stream.ts';
import type { UrlPart } from '../url/url.ts';

/** @throws SYNTAX_ERROR, LIMIT_EXCEEDED */
export function parseSearch({ text, at }: Pick<UrlPart, 'text' | 'at'>): SearchExpr {
  if (text.length > expressionLengthMax) {
    throw tooMuch(`An option may have at most ${expressionLengthMax} characters.`, at);
  }
  const incomplete = /^\s*'(.*)'\s*$/s.exec(text);
  if (incomplete) return parseIncomplete(incomplete[1]!, at);
  const parser = new Parser(tokensOf(text, at), at + text.length);
  return parser.parse();
}

/** @returns the search from the current token to the next option or the parenthesis that closes the options */
export function parseNestedSearch(tokens: TokenStream): SearchExpr {
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

/** A search that the user is still typing, in single quotes: any text is accepted (ABNF, searchIncomplete). */
const parseIncomplete = (text: string, at: number): SearchExpr => ({
  kind: 'and',
  items: text
    .split(/[\s"()]+/)
    .filter(word => word !== '')
    .map(word => searchWord(word, at)),
});

interface Token {
  readonly kind: 'word' | 'phrase' | '(' | ')';
  readonly text: string;
  readonly at: number;
}

const pattern = /([()])|"((?:[^"\\]|\\.)*)"(?=[\s()]|$)|([^\s"()]+)|\S/gs;

const tokensOf = (text: string, base: number): Token[] =>
  [...text.matchAll(pattern)].map(match => {
    const [, parenthesis, phrase, word] = match;
    const at = base + match.index;
    if (parenthesis) return { kind: parenthesis as '(' | ')', text: parenthesis, at };
    if (phrase !== undefined) return { kind: 'phrase', text: phrase.replaceAll(/\\(.)/gs, '$1'), at };
    if (word !== undefined) return { kind: 'word', text: word, at };
    throw syntaxError(
      'This double quote neither starts nor ends a phrase.',
      at,
      'Write a phrase as "two words".',
    );
  });

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  parse(): SearchExpr {
    const search = this.#disjunction();
    if (this.#index < this.#tokens.length) this.#refuse('a word or the end');
    return search;
  }

  #disjunction(): SearchExpr {
    if (++this.#depth > expressionDepthMax) throw tooMuch('The search is nested too deeply.', this.#at);
    const items = [this.#conjunction()];
    while (this.#acceptOperator('OR')) items.push(this.#conjunction());
    this.#depth--;
    return items.length === 1 ? items[0]! : { kind: 'or', items };
  }

  #conjunction(): SearchExpr {
    const items = [this.#negation()];
    while (!this.#isOperator('OR') && (this.#acceptOperator('AND') || this.#hasOperand(this.#index)))
      items.push(this.#negation());
    return items.length === 1 ? items[0]! : { kind: 'and', items };
  }

  #negation(): SearchExpr {
    return this.#acceptOperator('NOT') ? { kind: 'not', item: this.#operand() } : this.#operand();
  }

  #operand(): SearchExpr {
    const token = this.#tokens[this.#index];
    if (!token || token.kind === ')') return this.#refuse('a word, a phrase or an opening parenthesis');
    this.#index++;
    if (token.kind === 'word') return searchWord(token.text, token.at);
    if (token.kind === 'phrase') return { kind: 'term', text: token.text, at: token.at };
    const inner = this.#disjunction();
    if (this.#tokens[this.#index]?.kind !== ')') this.#refuse('a closing parenthesis');
    this.#index++;
    return inner;
  }

  /** A word is an operator only when an operand follows. */
  #isOperator(word: string): boolean {
    const token = this.#tokens[this.#index];
    return token?.kind === 'word' && token.text === word && this.#hasOperand(this.#index + 1);
  }

  #acceptOperator(word: string): boolean {
    const accepted = this.#isOperator(word);
    if (accepted) this.#index++;
    return accepted;
  }

  #hasOperand(index: number): boolean {
    const token = this.#tokens[index];
    return token !== undefined && token.kind !== ')';
  }

  get #at(): number {
    return this.#tokens[this.#index]?.at ?? this.#end;
  }

  #refuse(expected: string): never {
    const found = this.#tokens[this.#index];
    throw syntaxError(
      `Expected ${expected} but found ${found ? JSON.stringify(found.text) : 'the end'}.`,
      this.#at,
    );
  }
}

// Regular expressions in ECMAScript syntax -> PostgreSQL syntax, restricted to what both support and what is cheap to run.
// https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS

import { fault } from '../../base/errors.ts';
import { type Expr, type Literal, literal } from '../ask/expression.ts';

const lengthMax = 200;
/**
 * Characters of the pattern with its repetitions expanded, which is what PostgreSQL compiles. Compile time grows with at least
 * the cube of this, so a thousand would take minutes.
 */
const sizeMax = 250;
/** The size of a word boundary, which expands to lookarounds. */
const boundarySize = 20;
const groupsMax = 20;

/**
 * @returns the pattern for PostgreSQL. It matches in time linear in the text: no backreferences, and no lookaround except
 *   at word boundaries
 * @throws INVALID_VALUE, LIMIT_EXCEEDED, INVALID_OPERATION for a pattern that is not a literal
 */
export function toPattern(expr: Expr): Literal {
  if (expr.kind !== 'literal' || typeof expr.value !== 'string') {
    throw fault('INVALID_OPERATION', 'A pattern must be a text literal.', {
      at: 'at' in expr ? expr.at : undefined,
    });
  }
  const { value, at } = expr;
  if (value.length > lengthMax) {
    throw fault('LIMIT_EXCEEDED', `A pattern can have at most ${lengthMax} characters.`, { at });
  }
  return literal(new Translator(value, at).whole(), 'String', at);
}

/** Escapes that mean the same in both syntaxes. */
const sharedEscapes = /[nrtfv\\^$.|?*+()[\]{}/-]/;

/** Character classes spelled out for PostgreSQL, whose own classes depend on the locale. */
const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  D: String.raw`\u0001-/:-\U0010FFFF`,
  w: 'A-Za-z0-9_',
  W: String.raw`\u0001-/:-@\[-\^\`{-\U0010FFFF`,
  s: String.raw`\u0009-\u000D\u0020\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF`,
  S: String.raw`\u0001-\u0008\u000E-\u001F\u0021-\u009F\u00A1-\u167F\u1681-\u1FFF\u200B-\u2027\u202A-\u202E\u2030-\u205E\u2060-\u2FFF\u3001-\uFEFE\uFF00-\U0010FFFF`,
};
const isWord = `[${classes.w}]`;
/** `b` matches at a word boundary, `B` anywhere else. */
const boundaries: Readonly<Record<string, string>> = {
  b: `(?:(?<=${isWord})(?!${isWord})|(?<!${isWord})(?=${isWord}))`,
  B: `(?:(?<=${isWord})(?=${isWord})|(?<!${isWord})(?!${isWord}))`,
};
/** A dot matches anything except line terminators (ECMAScript, LineTerminator). */
const anyButLineEnd = String.raw`[^\n\r\u2028\u2029]`;

class Translator {
  readonly #source: string;
  readonly #at?: number;
  #index = 0;
  #groups = 0;
  /** Per open group, outermost first: its size so far, and the size of its last piece. */
  readonly #sizes = [{ all: 0, last: 0 }];

  constructor(source: string, at?: number) {
    this.#source = source;
    this.#at = at;
  }

  whole(): string {
    // PostgreSQL reads a pattern that starts with three asterisks as a directive.
    let pattern = '(?:)';
    while (this.#index < this.#source.length) pattern += this.#piece();
    return pattern;
  }

  #piece(): string {
    const character = this.#source[this.#index]!;
    switch (character) {
      case '\\':
        return this.#boundary() ?? this.#counted(this.#escape(false));
      case '[':
        return this.#counted(this.#set());
      case '(':
        return this.#group();
      case ')':
        return this.#groupEnd();
      case '{':
        return this.#repetition();
      default:
        this.#index++;
        if (character === '.') return this.#counted(anyButLineEnd);
        return /[*+?|]/.test(character) ? character : this.#counted(character);
    }
  }

  #counted(piece: string): string {
    this.#grow(1);
    return piece;
  }

  /** @throws LIMIT_EXCEEDED */
  #grow(by: number): void {
    const size = this.#sizes.at(-1)!;
    size.all += by;
    size.last = by;
    if (this.#sizes.reduce((sum, { all }) => sum + all, 0) <= sizeMax) return;
    throw fault('LIMIT_EXCEEDED', 'The pattern has too many repetitions.', {
      hint: `With its repetitions expanded, it can have at most ${sizeMax} characters.`,
      at: this.#at,
    });
  }

  #boundary(): string | undefined {
    const boundary = boundaries[this.#source[this.#index + 1] ?? ''];
    if (!boundary) return undefined;
    this.#index += 2;
    this.#grow(boundarySize);
    return boundary;
  }

  #escape(inSet: boolean): string {
    const escaped = this.#source[this.#index + 1] ?? '';
    this.#index += 2;
    if (classes[escaped]) return inSet ? classes[escaped] : `[${classes[escaped]}]`;
    if (sharedEscapes.test(escaped)) return `\\${escaped}`;
    throw this.#refuse(`\\${escaped}`, 'Write the character itself.');
  }

  #set(): string {
    let set = '[';
    this.#index++;
    for (let first = true; ; first = false) {
      const character = this.#source[this.#index];
      if (character === undefined) throw this.#refuse('[', 'The closing bracket is missing.');
      if (character === '\\') {
        set += this.#escape(true);
        continue;
      }
      this.#index++;
      if (character === ']' && (first || set === '[^'))
        throw this.#refuse('[]', 'Write at least one character between the brackets.');
      if (character === ']') return `${set}]`;
      set += character === '[' ? '\\[' : character;
    }
  }

  #group(): string {
    if (++this.#groups > groupsMax) {
      throw fault('LIMIT_EXCEEDED', `A pattern can have at most ${groupsMax} groups.`, { at: this.#at });
    }
    this.#index++;
    this.#sizes.push({ all: 0, last: 0 });
    if (this.#source[this.#index] !== '?') return '(?:';
    if (this.#source[this.#index + 1] !== ':') throw this.#refuse('(?', 'Only (?: is supported.');
    this.#index += 2;
    return '(?:';
  }

  #groupEnd(): string {
    if (this.#sizes.length === 1) throw this.#refuse(')', 'There is no matching "(".');
    this.#index++;
    this.#grow(this.#sizes.pop()!.all || 1);
    return ')';
  }

  /** The repeated piece is already counted once. */
  #repetition(): string {
    const found = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(this.#source.slice(this.#index, this.#index + 9));
    if (!found) throw this.#refuse('{', 'Write {2}, {2,} or {2,5}, or \\{ for the character.');
    this.#index += found[0].length;
    const most = Math.max(Number(found[1]), Number(found[3] ?? 0));
    const { last } = this.#sizes.at(-1)!;
    this.#grow(last * Math.max(0, most - 1));
    this.#sizes.at(-1)!.last = last * Math.max(1, most);
    return found[0];
  }

  #refuse(what: string, hint: string) {
    return fault('INVALID_VALUE', `A pattern cannot contain ${what} here.`, { hint, at: this.#at });
  }
}

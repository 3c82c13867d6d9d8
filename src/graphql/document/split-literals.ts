// Operations that differ in numbers and strings only have one shape: `product(id: 5) { name }` -> `product(id: 0) { name }`.

import { type ConstValueNode, Kind, Lexer, Source } from 'graphql';

export interface SplitText {
  /** The text with every literal made alike and comments left out. */
  readonly shape: string;
  /** In the order of the text. */
  readonly literals: readonly ConstValueNode[];
}

/**
 * Strings, comments, names (which may have digits in them) and numbers, as the lexer of GraphQL tells them apart:
 * https://spec.graphql.org/October2021/#sec-Language.Source-Text.Lexical-Tokens. What is no number or string there gives a
 * shape that is no operation either.
 */
const pieces =
  /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|[_A-Za-z]\w*|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** @returns undefined when a string in it is malformed */
export function splitLiterals(text: string): SplitText | undefined {
  const literals: ConstValueNode[] = [];
  let wellFormed = true;
  const shape = text.replace(pieces, piece => {
    const first = piece.charCodeAt(0);
    if (first === hash) return '';
    if (first !== quote && first !== minus && (first < zero || first > nine)) return piece;
    const literal = first === quote ? stringNode(piece) : numberNode(piece);
    if (!literal) wellFormed = false;
    else literals.push(literal);
    return first === quote ? '""' : literal?.kind === Kind.INT ? '0' : '0.0';
  });
  return wellFormed ? { shape, literals } : undefined;
}

const [hash, quote, minus, zero, nine] = [35, 34, 45, 48, 57];

const numberNode = (value: string): ConstValueNode => ({
  kind: /[.eE]/.test(value) ? Kind.FLOAT : Kind.INT,
  value,
});

/** Strings with escapes are left to the lexer. */
function stringNode(piece: string): ConstValueNode | undefined {
  if (!piece.includes('\\') && !piece.startsWith('"""') && piece.isWellFormed()) {
    return { kind: Kind.STRING, value: piece.slice(1, -1) };
  }
  try {
    return { kind: Kind.STRING, value: new Lexer(new Source(piece)).advance().value };
  } catch {
    return undefined;
  }
}

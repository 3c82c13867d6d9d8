// Operations that differ only in numbers and strings have the same shape: `product(id: 5) { name }` -> `product(id: 0) { name }`.

import { type ConstValueNode, Kind, Lexer, Source } from 'graphql';

export interface SplitText {
  /** The text with every literal replaced by a placeholder, without comments. */
  readonly shape: string;
  /** In text order. */
  readonly literals: readonly ConstValueNode[];
}

/**
 * Strings, comments, names (which may contain digits) and numbers, as defined by GraphQL's lexer:
 * https://spec.graphql.org/October2021/#sec-Language.Source-Text.Lexical-Tokens. A
 * malformed number or string yields a shape that is not a valid operation either.
 */
const pieces =
  /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|[_A-Za-z]\w*|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** @returns undefined if it contains a malformed string */
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

/** Strings with escapes are decoded by the lexer. */
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

// ODataExpression: what an expression in a URL says, as plain data, before any name is looked up.
// Every node carries `at`, its offset in the request's source text.

import type { ComparisonOperator } from '../query/expression.ts';
import type { TokenStream } from './token-stream.ts';

export type ODataExpression =
  | LiteralNode
  | ListNode
  | MemberNode
  | CountNode
  | LambdaNode
  | CallNode
  | UnaryNode
  | BinaryNode
  | JunctionNode
  | AliasNode;

// biome-ignore format: a table
export type LiteralType =
  | 'null' | 'boolean' | 'string' | 'integer' | 'decimal' | 'double' | 'guid' | 'date' | 'dateTimeOffset' | 'timeOfDay'
  | 'duration' | 'binary' | 'geography' | 'geometry' | 'enum';

export interface LiteralNode {
  readonly kind: 'literal';
  readonly type: LiteralType;
  /** Without quotes; numbers with every digit; booleans in small letters. */
  readonly text: string;
  /** Of an enum literal: `Portolan.OrderStatus`. */
  readonly enumType?: string;
  readonly at: number;
}

/** `('a','b')` after `in`, or `["a","b"]`. */
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly (LiteralNode | AliasNode | ListNode)[];
  readonly at: number;
}

/** A path: `category/name`, `$it/name`, `t`. Whether its first name is a lambda variable is decided later. */
export interface MemberNode {
  readonly kind: 'member';
  readonly root?: '$it' | '$this' | '$root';
  /** With dots where a type is named: `Portolan.Product`. May be empty after a root. */
  readonly names: readonly string[];
  readonly at: number;
}

/** `items/$count`, `items/$count($filter=price gt 5)` */
export interface CountNode {
  readonly kind: 'count';
  readonly over: MemberNode;
  readonly filter?: ODataExpression;
  readonly at: number;
}

/** `tags/any(t:t eq 'x')`; without variable and condition: `tags/any()` */
export interface LambdaNode {
  readonly kind: 'any' | 'all';
  readonly over: MemberNode;
  readonly variable?: string;
  readonly where?: ODataExpression;
  readonly at: number;
}

export interface CallNode {
  readonly kind: 'call';
  /** As written. */
  readonly name: string;
  readonly args: readonly ODataExpression[];
  readonly at: number;
}

export interface UnaryNode {
  readonly kind: 'not' | 'negate';
  readonly item: ODataExpression;
  readonly at: number;
}

export type BinaryOperator = ComparisonOperator | 'in' | 'has' | ArithmeticOperator;
export type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'divby' | 'mod';

export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: ODataExpression;
  readonly right: ODataExpression;
  /** Where the operator stands. */
  readonly at: number;
}

export interface JunctionNode {
  readonly kind: 'and' | 'or';
  readonly items: readonly ODataExpression[];
  readonly at: number;
}

/** `@p`, whose value stands elsewhere in the URL. */
export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly at: number;
}

/** Parses the expression that begins at the stream's current token. Passed along where files would import each other. */
export type ParseExpression = (tokens: TokenStream) => ODataExpression;

// ODataExpression: what an expression in a URL says, as plain data, before any name is looked up.
// Every node carries `at`, its offset in the request's source text.

import type { AggregateFunction, ComparisonOperator } from '../../query/ask/expression.ts';
import type { SearchExpr } from '../../query/ask/search-expression.ts';
import type { TokenStream } from '../url/token-stream.ts';

export type ODataExpression =
  | LiteralNode
  | ListNode
  | ObjectNode
  | MemberNode
  | CountNode
  | LambdaNode
  | AggregateNode
  | CallNode
  | CaseNode
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
  readonly items: readonly ODataExpression[];
  readonly at: number;
}

/** `{"name":"value"}` */
export interface ObjectNode {
  readonly kind: 'object';
  readonly members: readonly { readonly name: string; readonly value: ODataExpression }[];
  readonly at: number;
}

/** A path: `category/name`, `$it/name`, `t`. Whether its first name is a lambda variable is decided later. */
export interface MemberNode {
  readonly kind: 'member';
  readonly root?: '$it' | '$this' | '$root';
  /** What the path begins with instead: `@p/name`. */
  readonly alias?: string;
  /** With dots where a type is named: `Portolan.Product`. May be empty after a root. */
  readonly names: readonly string[];
  /** Of a set after `$root`: `$root/products(1)`. */
  readonly key?: readonly KeyPart[];
  /** `products/$filter(price gt 5)` */
  readonly filter?: ODataExpression;
  /** What of it no model of ours has: `functions`. */
  readonly foreign?: string;
  readonly at: number;
}

/** One value of a key in parentheses; `name` is absent in `products(1)`. */
export interface KeyPart {
  readonly name?: string;
  readonly value: LiteralNode | AliasNode;
  readonly at: number;
}

/** `items/$count`, `items/$count($filter=price gt 5;$search=red)` */
export interface CountNode {
  readonly kind: 'count';
  readonly over: MemberNode;
  readonly filter?: ODataExpression;
  readonly search?: SearchExpr;
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

/** `items/aggregate(price with max)`, `$these/aggregate(stock with sum)` */
export interface AggregateNode {
  readonly kind: 'aggregate';
  /** Absent: `$these`, the rows that a transformation has at hand. */
  readonly over?: MemberNode;
  readonly function: AggregateFunction;
  /** Absent: rows are counted. */
  readonly of?: ODataExpression;
  readonly at: number;
}

export interface CallNode {
  readonly kind: 'call';
  /** As written. */
  readonly name: string;
  readonly args: readonly ODataExpression[];
  /** Whether arguments have names, as those of a model's own functions have. */
  readonly named?: true;
  readonly at: number;
}

/** `case(price gt 100:'dear',true:'cheap')` */
export interface CaseNode {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: ODataExpression; readonly value: ODataExpression }[];
  readonly at: number;
}

export interface UnaryNode {
  readonly kind: 'not' | 'negate';
  readonly item: ODataExpression;
  readonly at: number;
}

export type BinaryOperator = ComparisonOperator | 'in' | 'has' | ArithmeticOperator;
type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'divby' | 'mod';

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

// ODataExpression: an expression in a URL as plain data, before any name is looked up.
// Every node has `at`, its offset in the request's source text.

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
  /** Without quotes; numbers with every digit; booleans in lower case. */
  readonly text: string;
  /** The type of an enum literal: `Portolan.OrderStatus`. */
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
  /** The alias that the path starts with instead: `@p/name`. */
  readonly alias?: string;
  /** Type names contain dots: `Portolan.Product`. May be empty after a root. */
  readonly names: readonly string[];
  /** The key of a set after `$root`: `$root/products(1)`. */
  readonly key?: readonly KeyPart[];
  /** `products/$filter(price gt 5)` */
  readonly filter?: ODataExpression;
  /** The feature it uses that is not supported: `functions`. */
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
  /** Absent: `$these`, the current rows of a transformation. */
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
  /** Whether arguments are named, as in calls of a model's own functions. */
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
  /** The offset of the operator. */
  readonly at: number;
}

export interface JunctionNode {
  readonly kind: 'and' | 'or';
  readonly items: readonly ODataExpression[];
  readonly at: number;
}

/** `@p`, whose value is elsewhere in the URL. */
export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly at: number;
}

/** Parses the expression that starts at the stream's current token. Passed as an argument to avoid import cycles. */
export type ParseExpression = (tokens: TokenStream) => ODataExpression;

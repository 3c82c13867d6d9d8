// Expr: a condition or a value over one row, as plain frozen data. Every door's filters and sort keys become this.
//
// A comparison with a missing value is false (`ne` true). A function of a missing value is missing, also as a condition:
// `not` says what becomes of that.

import type { Scalar } from '../../catalog/catalog.ts';
import type { SearchExpr } from './search-expression.ts';

export type Expr =
  | Literal
  | Path
  | Comparison
  | Membership
  | Junction
  | Negation
  | NullTest
  | Call
  | Case
  | Cast
  | TypeTest
  | Quantifier
  | Count
  | Elements
  | Lookup
  | Aggregate
  | Search
  | Rank;

export type LiteralValue = string | number | bigint | boolean | null | readonly LiteralValue[] | JsonLiteral;
/** A JSON value for a Json field, kept apart from lists of literals. */
interface JsonLiteral {
  readonly json: unknown;
}

/** A value as the caller wrote it. Numbers may be text, so that no digit is lost. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: LiteralValue;
  /** The type that the source text says it has; where absent, it takes the type of what it is compared with. */
  readonly type?: Scalar;
  /** What the caller calls it, where another value of its kind may take its place in the finished plan: see rebind.ts. */
  readonly slot?: string;
  readonly at?: number;
}

/** A field, reached through to-one relations: `category/parent/name`. */
export interface Path {
  readonly kind: 'path';
  /** The variable of an enclosing quantifier that it starts from; the queried row itself where absent. */
  readonly variable?: string;
  /** May be empty where the variable stands for the element of a scalar list. */
  readonly segments: readonly string[];
  readonly at?: number;
}

export type ComparisonOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export interface Comparison {
  readonly kind: 'compare';
  readonly operator: ComparisonOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly at?: number;
}

export interface Membership {
  readonly kind: 'in';
  readonly item: Expr;
  readonly list: readonly Literal[];
  readonly at?: number;
}

interface Junction {
  readonly kind: 'and' | 'or';
  /** An empty `and` is true, an empty `or` is false. */
  readonly items: readonly Expr[];
}

export interface Negation {
  readonly kind: 'not';
  readonly item: Expr;
  /** Whether a missing truth value stays missing (OData 4.01 Part 2, 5.1.1.1.9). Otherwise it counts as false. */
  readonly keepsNull?: true;
}

/** Whether a value is missing, or a to-one relation leads nowhere. */
export interface NullTest {
  readonly kind: 'isNull';
  readonly item: Expr;
  readonly at?: number;
}

export type FunctionName =
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'matchesPattern'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'length'
  | 'indexOf'
  | 'substring'
  | 'concat'
  | 'year'
  | 'quarter'
  | 'month'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'fractionalSeconds'
  | 'totalSeconds'
  | 'totalOffsetMinutes'
  | 'date'
  | 'time'
  | 'now'
  | 'minDateTime'
  | 'maxDateTime'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'divby'
  | 'mod'
  | 'negate'
  | 'round'
  | 'floor'
  | 'ceiling'
  | 'isEmpty'
  | 'hasEvery'
  | 'hasSubsequence'
  | 'hasSome';

export interface Call {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly args: readonly Expr[];
  readonly at?: number;
}

/** The value of the first branch whose condition holds; missing where none does. */
export interface Case {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expr; readonly value: Expr }[];
  readonly at?: number;
}

/** The same value in another type; missing where it has none there. */
export interface Cast {
  readonly kind: 'cast';
  readonly item: Expr;
  readonly to: Exclude<Scalar, 'Enum' | 'Json'>;
  readonly at?: number;
}

/** Whether a value, or the record that a path leads to, is there and of a type. An empty path stands for the row itself. */
export interface TypeTest {
  readonly kind: 'isOf';
  readonly item: Expr;
  /** A scalar's name, an enum's, or a model's. */
  readonly type: string;
  readonly at?: number;
}

/** Whether any, or all, of a to-many relation's rows or of a list's elements meet a condition. `all` of none is true. */
export interface Quantifier {
  readonly kind: 'any' | 'all';
  readonly over: Path;
  /** What the condition's paths call the row or element; unique among the enclosing quantifiers. */
  readonly variable: string;
  /** Absent: whether there is any at all. */
  readonly where?: Expr;
  readonly at?: number;
}

/** How many rows a to-many relation has, or how many of them meet a condition. */
export interface Count {
  readonly kind: 'count';
  readonly over: Path;
  readonly variable: string;
  readonly where?: Expr;
  readonly at?: number;
}

/** The elements of a list that meet a condition, in its order or another: a list again. */
export interface Elements {
  readonly kind: 'elements';
  readonly over: Path;
  /** What the paths of `where` and `order` call the element. */
  readonly variable: string;
  readonly where?: Expr;
  readonly order?: readonly { readonly by: Expr; readonly direction: 'asc' | 'desc' }[];
  readonly skip?: number;
  readonly take?: number;
  readonly at?: number;
}

/** A value of the one record of a set that meets a condition: missing where there is none. */
export interface Lookup {
  readonly kind: 'lookup';
  /** The model's name: `Product`. */
  readonly entity: string;
  /** What the paths of `of` call the record. */
  readonly variable: string;
  /** Fields of the record with their values: its whole key. */
  readonly key: readonly { readonly field: string; readonly value: Expr }[];
  readonly of: Expr;
  readonly at?: number;
}

export type AggregateFunction = 'count' | 'countDistinct' | 'sum' | 'avg' | 'min' | 'max';

/** One value of many: of a to-many relation's rows, or of a list's elements. Of none, all but the counts are missing. */
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly over: Path;
  /** What the paths of `of` and `where` call the row or element. */
  readonly variable: string;
  readonly function: AggregateFunction;
  /** Only `count` goes without: it then counts rows. */
  readonly of?: Expr;
  readonly where?: Expr;
  readonly at?: number;
}

/** Whether full-text search finds the queried row, or the row that a variable stands for. */
export interface Search {
  readonly kind: 'search';
  readonly variable?: string;
  readonly search: SearchExpr;
  readonly at?: number;
}

/** How well the queried row matches what is searched for: the greater, the better. */
export interface Rank {
  readonly kind: 'rank';
  readonly search: SearchExpr;
  readonly at?: number;
}

export const literal = (value: LiteralValue, type?: Scalar, at?: number): Literal => ({
  kind: 'literal',
  value,
  type,
  at,
});
export const path = (segments: readonly string[], variable?: string, at?: number): Path => ({
  kind: 'path',
  segments,
  variable,
  at,
});
export const compare = (operator: ComparisonOperator, left: Expr, right: Expr, at?: number): Comparison => ({
  kind: 'compare',
  operator,
  left,
  right,
  at,
});
export const and = (items: readonly Expr[]): Expr =>
  items.length === 1 ? items[0]! : { kind: 'and', items };
export const or = (items: readonly Expr[]): Expr => (items.length === 1 ? items[0]! : { kind: 'or', items });
/** @returns true for all that is not true */
export const not = (item: Expr): Negation => ({ kind: 'not', item });
/** @returns true for what is false, and missing for what is missing */
export const notOrNull = (item: Expr): Negation => ({ kind: 'not', item, keepsNull: true });
export const call = (name: FunctionName, args: readonly Expr[], at?: number): Call => ({
  kind: 'call',
  name,
  args,
  at,
});

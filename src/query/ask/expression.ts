// Expr: a condition or a value over one row, as plain frozen data. Every API translates its filters and sort keys to it.
//
// A comparison with a missing value is false (`ne` is true). A function of a missing value is missing, even as a condition:
// see `Negation` for how `not` treats it.

import type { Scalar } from '../../catalog/catalog.ts';
import type { FunctionName } from './function-name.ts';
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
/** A JSON value for a Json field, as opposed to a list of literals. */
interface JsonLiteral {
  readonly json: unknown;
}

/** A value as the caller wrote it. Numbers may be text, so that no digit is lost. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: LiteralValue;
  /** The type that the source text states. Absent: the literal takes the type of what it is compared with. */
  readonly type?: Scalar;
  /** A name under which the finished plan can be rebound to another value: see plan/rebind.ts. */
  readonly slot?: string;
  readonly at?: number;
}

/** A field, reached through to-one relations: `category/parent/name`. */
export interface Path {
  readonly kind: 'path';
  /** The variable of an enclosing quantifier to start from. Absent: the queried row. */
  readonly variable?: string;
  /** May be empty if the variable is an element of a scalar list. */
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

/** Whether a value is missing, or a to-one relation has no record. */
export interface NullTest {
  readonly kind: 'isNull';
  readonly item: Expr;
  readonly at?: number;
}

export interface Call {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly args: readonly Expr[];
  readonly at?: number;
}

/** The value of the first branch whose condition is true; missing if none is. */
export interface Case {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expr; readonly value: Expr }[];
  readonly at?: number;
}

/** The value converted to another type; missing if it cannot be converted. */
export interface Cast {
  readonly kind: 'cast';
  readonly item: Expr;
  readonly to: Exclude<Scalar, 'Enum' | 'Json'>;
  readonly at?: number;
}

/** Whether a value, or the record at the end of a path, exists and has a type. An empty path is the row itself. */
export interface TypeTest {
  readonly kind: 'isOf';
  readonly item: Expr;
  /** A scalar's name, an enum's, or a model's. */
  readonly type: string;
  readonly at?: number;
}

/** Whether any or all rows of a to-many relation, or elements of a list, match a condition. `all` is true for an empty list. */
export interface Quantifier {
  readonly kind: 'any' | 'all';
  readonly over: Path;
  /** The variable by which the condition refers to the row or element; unique among the enclosing quantifiers. */
  readonly variable: string;
  /** Absent: whether the list has any rows or elements. */
  readonly where?: Expr;
  readonly at?: number;
}

/** The number of rows of a to-many relation, optionally only those that match a condition. */
export interface Count {
  readonly kind: 'count';
  readonly over: Path;
  readonly variable: string;
  readonly where?: Expr;
  readonly at?: number;
}

/** A list of those elements of a list that match a condition, optionally sorted and paged. */
export interface Elements {
  readonly kind: 'elements';
  readonly over: Path;
  /** The variable by which `where` and `order` refer to the element. */
  readonly variable: string;
  readonly where?: Expr;
  readonly order?: readonly { readonly by: Expr; readonly direction: 'asc' | 'desc' }[];
  readonly skip?: number;
  readonly take?: number;
  readonly at?: number;
}

/** A value of the record with a given key; missing if there is no such record. */
export interface Lookup {
  readonly kind: 'lookup';
  /** The model's name: `Product`. */
  readonly entity: string;
  /** The variable by which `of` refers to the record. */
  readonly variable: string;
  /** The fields of the record's key, all of them, with their values. */
  readonly key: readonly { readonly field: string; readonly value: Expr }[];
  readonly of: Expr;
  readonly at?: number;
}

export type AggregateFunction = 'count' | 'countDistinct' | 'sum' | 'avg' | 'min' | 'max';

/** One value computed from the rows of a to-many relation or the elements of a list. If there are none, every aggregate except a count is missing. */
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly over: Path;
  /** The variable by which `of` and `where` refer to the row or element. */
  readonly variable: string;
  readonly function: AggregateFunction;
  /** Required except for `count`, which then counts rows. */
  readonly of?: Expr;
  readonly where?: Expr;
  readonly at?: number;
}

/** Whether full-text search finds the queried row, or the row of a variable. */
export interface Search {
  readonly kind: 'search';
  readonly variable?: string;
  readonly search: SearchExpr;
  readonly at?: number;
}

/** How well the queried row matches the search: higher is better. */
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
/** @returns a condition that is true where the item is false or missing */
export const not = (item: Expr): Negation => ({ kind: 'not', item });
/** @returns a condition that is true where the item is false, and missing where it is missing */
export const notOrNull = (item: Expr): Negation => ({ kind: 'not', item, keepsNull: true });
export const call = (name: FunctionName, args: readonly Expr[], at?: number): Call => ({
  kind: 'call',
  name,
  args,
  at,
});

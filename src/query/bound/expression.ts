// Expressions after the check: every path is resolved against the catalog, and every value has a type.

import type { Parameter } from '../../base/database/database.ts';
import type { ColumnField, Entity, RelationField, SqlField, ValueType } from '../../catalog/catalog.ts';
import type { AggregateFunction, ComparisonOperator, Literal } from '../ask/expression.ts';
import type { FunctionName } from '../ask/function-name.ts';

/** What a path starts from: the rows of a query, or the rows or elements that a quantifier iterates over. */
export interface Source {
  readonly entity?: Entity;
  /** The element's type, if the source is the elements of a list. */
  readonly element?: ValueType;
}

export type Bound =
  | BoundValue
  | BoundUnstorable
  | BoundField
  | BoundElement
  | BoundRelation
  | BoundCompare
  | BoundIn
  | BoundJunction
  | BoundNot
  | BoundIsNull
  | BoundCall
  | BoundCase
  | BoundCast
  | BoundQuantifier
  | BoundCount
  | BoundElements
  | BoundLookup
  | BoundAggregate
  | BoundSearch
  | BoundRank;

interface Typed {
  readonly type: ValueType;
  readonly nullable: boolean;
}

/** A parameter, cast to `cast`. Its text never becomes part of the statement. */
export interface BoundValue extends Typed {
  readonly kind: 'value';
  readonly value: Parameter;
  readonly cast: string;
  readonly slot?: Slot;
}

/** What is needed to replace this value with another one. */
export interface Slot {
  readonly name: string;
  readonly literal: Literal;
  /** The type that it is compared with. */
  readonly type: ValueType;
}

/** Text that PostgreSQL cannot store (NUL, half a surrogate pair): nothing equals it, contains it or starts with it. */
export interface BoundUnstorable extends Typed {
  readonly kind: 'unstorable';
  /** The greatest storable text below it. */
  readonly below: string;
}

interface BoundField extends Typed {
  readonly kind: 'field';
  readonly source: Source;
  /** To-one relations from the source to the field's row. */
  readonly path: readonly RelationField[];
  readonly field: ColumnField | SqlField;
}

interface BoundElement extends Typed {
  readonly kind: 'element';
  readonly source: Source;
}

/** A to-one relation, whose record may be missing. */
interface BoundRelation {
  readonly kind: 'relation';
  readonly source: Source;
  readonly path: readonly RelationField[];
}

export interface BoundCompare {
  readonly kind: 'compare';
  readonly operator: ComparisonOperator;
  readonly left: TypedBound;
  readonly right: TypedBound;
}

export interface BoundIn {
  readonly kind: 'in';
  readonly item: TypedBound;
  readonly values: readonly Parameter[];
  /** The type of the list's elements. */
  readonly cast: string;
  /** Whether the list contains null, which matches a missing value. */
  readonly orNull: boolean;
}

interface BoundJunction {
  readonly kind: 'and' | 'or';
  readonly items: readonly Bound[];
}

interface BoundNot {
  readonly kind: 'not';
  readonly item: Bound;
  readonly keepsNull?: true;
}

export interface BoundIsNull {
  readonly kind: 'isNull';
  readonly item: TypedBound | BoundRelation;
}

export interface BoundCall extends Typed {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly args: readonly TypedBound[];
}

export interface BoundCase extends Typed {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Bound; readonly value: TypedBound }[];
}

export interface BoundCast extends Typed {
  readonly kind: 'cast';
  readonly item: TypedBound;
}

/** What a quantifier or count iterates over: a to-many relation at the end of a path, or a list. */
export interface BoundOver {
  readonly source: Source;
  readonly path: readonly RelationField[];
  /** The to-many relation, or the list column. */
  readonly field: RelationField | ColumnField;
  /** What the condition's paths start from. */
  readonly each: Source;
}

export interface BoundQuantifier {
  readonly kind: 'any' | 'all';
  readonly over: BoundOver;
  readonly where?: Bound;
}

export interface BoundCount extends Typed {
  readonly kind: 'count';
  readonly over: BoundOver;
  readonly where?: Bound;
}

export interface BoundElements extends Typed {
  readonly kind: 'elements';
  readonly over: BoundOver;
  readonly where?: Bound;
  readonly order: readonly { readonly by: TypedBound; readonly direction: 'asc' | 'desc' }[];
  readonly skip: number;
  readonly take?: number;
}

export interface BoundLookup extends Typed {
  readonly kind: 'lookup';
  readonly each: Source & { readonly entity: Entity };
  readonly where: Bound;
  readonly of: TypedBound;
}

interface BoundAggregate extends Typed {
  readonly kind: 'aggregate';
  readonly function: AggregateFunction;
  readonly of?: TypedBound;
  readonly over: BoundOver;
  readonly where?: Bound;
}

export interface BoundSearch {
  readonly kind: 'search';
  readonly source: Source;
  readonly fields: readonly ColumnField[];
  /** In the syntax of to_tsquery. Sent as a parameter like any other value. */
  readonly query: string;
}

export interface BoundRank extends Omit<BoundSearch, 'kind'>, Typed {
  readonly kind: 'rank';
}

export type TypedBound = Exclude<Bound, BoundRelation | BoundNot | BoundJunction> | BoundCondition;
/** Conditions are also values of type Boolean. */
type BoundCondition = BoundNot | BoundJunction;

export interface BoundOrder {
  readonly by: TypedBound;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

export const booleanType: ValueType = { scalar: 'Boolean', list: false, sqlType: 'boolean' };

/** @returns the type of a bound value; conditions are Boolean */
export function typeOf(bound: TypedBound): ValueType {
  return 'type' in bound ? bound.type : booleanType;
}

/** @returns whether a value may be missing; the result of a comparison never is */
export function isNullable(bound: Bound): boolean {
  if (bound.kind === 'and' || bound.kind === 'or') return bound.items.some(isNullable);
  if (bound.kind === 'not') return bound.keepsNull === true && isNullable(bound.item);
  return 'nullable' in bound ? bound.nullable : false;
}

// EntityQuery: a read of one entity as plain frozen data. It knows no request, no GraphQL and no OData.

import type { RelatedAggregateSelection } from './aggregate-query.ts';
import type { ConstantSelection } from './constant-selection.ts';
import type { Expr } from './expression.ts';
import type { OrderTerm } from './order-term.ts';
import type { SearchExpr } from './search-expression.ts';

export interface EntityQuery {
  /** The model's name: `Product`. */
  readonly entity: string;
  readonly select: readonly Selection[];
  /**
   * Rows to be read in place of those that are stored, such as they were before they were deleted: JSON, an array of
   * objects with values by column. Only at the root.
   */
  readonly given?: string;
  /** What the paths of this query, and of those inside it, call its row. */
  readonly variable?: string;
  readonly where?: Expr;
  /** What must hold against the catalog and the permissions as well, though nothing of the answer depends on it. */
  readonly mentioned?: readonly Expr[];
  /** What full-text search must find. Without `orderBy`, what matches best comes first. */
  readonly search?: SearchExpr;
  readonly orderBy?: readonly OrderTerm[];
  /** Rows at the most; absent: the default, and the answer says when it cut the list. */
  readonly take?: number;
  readonly skip?: number;
  /** A cursor: only rows that come behind the row that it was given for, whether that is still there or not. */
  readonly after?: string;
  /** A cursor: only rows that come before the row that it was given for. */
  readonly before?: string;
  /** Takes the last rows instead of the first. They are given in the same order. */
  readonly backward?: boolean;
  /** Rows of the whole list, however many pages it takes. What is left of them travels in `ReadAnswer.next`. */
  readonly limit?: number;
  /** Whether the answer is to tell where the next page begins. Only at the root. */
  readonly next?: boolean;
  /** Of a nested list: what to say where it was cut. Such a list, and its `take`, may be cut to any size. */
  readonly continuation?: Continuation;
  /**
   * Whether what is left of lists can be asked for. The page is then as small as its cost demands, and nested lists with a
   * `continuation` share a tenth of what an answer may have. Only at the root.
   */
  readonly pageable?: boolean;
  /** What to tell of the list besides its rows. Rows are then selected here, and `select` is empty. */
  readonly connection?: readonly ConnectionMember[];
  /** `many` answers a JSON array, `one` an object or null. */
  readonly cardinality: 'many' | 'one';
  /** Whether to count all rows that meet the condition, whatever the page. Only at the root. */
  readonly count?: 'none' | 'exact';
  readonly at?: number;
}

/** What stands behind a nested list that was cut. */
export interface Continuation {
  /** The member's name. */
  readonly as: string;
  /** @param key of the row that the list belongs to, as JSON texts @param cursor of the last row that was given @returns the member's value */
  readonly valueOf: (key: readonly string[], cursor: string) => string;
}

export type Selection =
  | FieldSelection
  | RelationSelection
  | CountSelection
  | RelatedAggregateSelection
  | VersionSelection
  | ValueSelection
  | TypeSelection
  | ConstantSelection;

/** A column or computed field, under the name `as` in the answer. */
export interface FieldSelection {
  readonly kind: 'field';
  readonly field: string;
  readonly as: string;
  readonly at?: number;
}

/** Related rows: `query.entity` must be the relation's target. To-one relations take no page and no order. */
export interface RelationSelection {
  readonly kind: 'relation';
  readonly relation: string;
  readonly as: string;
  readonly query: EntityQuery;
  readonly at?: number;
}

/** The number of related rows that meet a condition. */
export interface CountSelection {
  readonly kind: 'count';
  readonly relation: string;
  readonly as: string;
  readonly where?: Expr;
  readonly at?: number;
}

/**
 * What tells this state of the row from every other: text that changes with each transaction that writes the row. In OData's
 * formats it is written as an entity tag.
 */
interface VersionSelection {
  readonly kind: 'version';
  readonly as: string;
  readonly at?: number;
}

/** A value that is computed of the row. */
interface ValueSelection {
  readonly kind: 'value';
  readonly of: Expr;
  readonly as: string;
  readonly at?: number;
}

/** What the type of a computed value is called, as text. */
export interface TypeSelection {
  readonly kind: 'type';
  readonly of: Expr;
  readonly as: string;
  /** By the name of the enum or scalar, with brackets for a list: `Decimal`, `String[]`. Others are called by that name. */
  readonly names: Readonly<Record<string, string>>;
  readonly at?: number;
}

/** A part of a connection's answer (https://relay.dev/graphql/connections.htm), under the name `as`. */
export type ConnectionMember =
  | ConstantSelection
  | { readonly kind: 'edges'; readonly as: string; readonly edge: readonly EdgeMember[] }
  | { readonly kind: 'nodes'; readonly as: string; readonly select: readonly Selection[] }
  | { readonly kind: 'pageInfo'; readonly as: string; readonly info: readonly PageInfoMember[] }
  /** How many rows meet the condition, whatever the page; estimated where that is much cheaper. */
  | { readonly kind: 'total'; readonly as: string; readonly estimated: boolean };

export type EdgeMember =
  | ConstantSelection
  | { readonly kind: 'cursor'; readonly as: string }
  | { readonly kind: 'node'; readonly as: string; readonly select: readonly Selection[] };

export type PageInfoMember = ConstantSelection | { readonly kind: PageInfoKind; readonly as: string };
export type PageInfoKind = 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor';

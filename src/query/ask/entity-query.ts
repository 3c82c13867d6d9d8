// EntityQuery: a read of one entity as plain frozen data, independent of HTTP, GraphQL and OData.

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
   * Rows to read instead of the stored ones, such as deleted rows as they were before: a JSON array of objects with
   * values by column. Root query only.
   */
  readonly sourceRows?: string;
  /** The variable by which paths of this query and its nested queries refer to its row. */
  readonly variable?: string;
  readonly where?: Expr;
  /** Expressions that are checked against the catalog and the permissions, but do not affect the answer. */
  readonly mentioned?: readonly Expr[];
  /** Full-text search. Without `orderBy`, the best matches come first. */
  readonly search?: SearchExpr;
  readonly orderBy?: readonly OrderTerm[];
  /** Maximum number of rows. Absent: the default applies, and the answer says when it truncated the list. */
  readonly take?: number;
  readonly skip?: number;
  /** A cursor: only rows after the row that it was created for, even if that row no longer exists. */
  readonly after?: string;
  /** A cursor: only rows before the row that it was created for. */
  readonly before?: string;
  /** Takes the last rows instead of the first. The order stays the same. */
  readonly backward?: boolean;
  /** Maximum number of rows over all pages. `ReadAnswer.next` carries how many are left. */
  readonly limit?: number;
  /** Whether to return a cursor for the next page. Root query only. */
  readonly next?: boolean;
  /** Nested lists only: what to return where the list was truncated. Such a list may be truncated to any size, whatever its `take`. */
  readonly continuation?: Continuation;
  /**
   * Whether the caller can request the rest of truncated lists. The page is then made as small as its cost requires, and
   * nested lists with a `continuation` share a tenth of the answer's limits. Root query only.
   */
  readonly pageable?: boolean;
  /** The members of a connection. Rows are then selected here, and `select` is empty. */
  readonly connection?: readonly ConnectionMember[];
  /** `many` returns a JSON array; `one` returns an object or null. */
  readonly cardinality: 'many' | 'one';
  /** Whether to count all rows that match the condition, regardless of the page. Root query only. */
  readonly count?: 'none' | 'exact';
  readonly at?: number;
}

/** The member that follows a truncated nested list. */
export interface Continuation {
  /** The member's name. */
  readonly as: string;
  /** @param key key of the parent row, as JSON texts @param cursor cursor of the last row returned @returns the member's value */
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

/** A column or computed field, named `as` in the answer. */
export interface FieldSelection {
  readonly kind: 'field';
  readonly field: string;
  readonly as: string;
  readonly at?: number;
}

/** Related rows. `query.entity` must be the relation's target. To-one relations cannot be paged or sorted. */
export interface RelationSelection {
  readonly kind: 'relation';
  readonly relation: string;
  readonly as: string;
  readonly query: EntityQuery;
  readonly at?: number;
}

/** The number of related rows that match a condition. */
export interface CountSelection {
  readonly kind: 'count';
  readonly relation: string;
  readonly as: string;
  readonly where?: Expr;
  readonly at?: number;
}

/** The row's version: text that changes with each transaction that writes the row. OData formats write it as an entity tag. */
interface VersionSelection {
  readonly kind: 'version';
  readonly as: string;
  readonly at?: number;
}

/** A value computed from the row. */
interface ValueSelection {
  readonly kind: 'value';
  readonly of: Expr;
  readonly as: string;
  readonly at?: number;
}

/** The name of a computed value's type, as text. */
export interface TypeSelection {
  readonly kind: 'type';
  readonly of: Expr;
  readonly as: string;
  /** Type names by enum or scalar, with brackets for a list: `Decimal`, `String[]`. Types that are absent keep their own name. */
  readonly names: Readonly<Record<string, string>>;
  readonly at?: number;
}

/** A member of a connection (https://relay.dev/graphql/connections.htm), named `as`. */
export type ConnectionMember =
  | ConstantSelection
  | { readonly kind: 'edges'; readonly as: string; readonly edge: readonly EdgeMember[] }
  | { readonly kind: 'nodes'; readonly as: string; readonly select: readonly Selection[] }
  | { readonly kind: 'pageInfo'; readonly as: string; readonly info: readonly PageInfoMember[] }
  /** How many rows match the condition, regardless of the page; estimated where that is much cheaper. */
  | { readonly kind: 'total'; readonly as: string; readonly estimated: boolean };

export type EdgeMember =
  | ConstantSelection
  | { readonly kind: 'cursor'; readonly as: string }
  | { readonly kind: 'node'; readonly as: string; readonly select: readonly Selection[] };

export type PageInfoMember = ConstantSelection | { readonly kind: PageInfoKind; readonly as: string };
export type PageInfoKind = 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor';

// How schema/ declares what is exposed. The types come from the Prisma client, so a misspelt field does not compile.

import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { Scalar, SqlTemplate } from './catalog.ts';

type ModelName = Prisma.ModelName;
type Payload<M extends ModelName> = Prisma.TypeMap['model'][M]['payload'];
type Row<M extends ModelName> = Payload<M>['scalars'];
/** Names of a model's columns. */
export type ColumnName<M extends ModelName> = keyof Row<M> & string;
/** Names of a model's columns and relations. */
export type FieldName<M extends ModelName> = ColumnName<M> | (keyof Payload<M>['objects'] & string);

/** A column's value as functions of computed fields get it: Decimal as text, so that no digit is lost. */
type Plain<T> = T extends { toDecimalPlaces: unknown } ? string : T extends Uint8Array ? Buffer : T;

interface ComputedBase {
  readonly type: Exclude<Scalar, 'Enum' | 'Duration'>;
  /** Default: true. */
  readonly nullable?: boolean;
  readonly description?: string;
  /** See `EntityDeclaration.restricted`. What the needed columns demand comes on top of it. */
  readonly restricted?: string;
}

/** Computed by the database: it can be filtered and sorted by. */
export interface SqlComputed extends ComputedBase, SqlTemplate {
  readonly kind: 'sql';
  readonly precision?: number;
  readonly scale?: number;
}

/** Computed here, row by row, when it is selected. */
export interface FunctionComputed extends ComputedBase {
  readonly kind: 'function';
  readonly needs: readonly string[];
  readonly compute: (row: Readonly<Record<string, unknown>>) => unknown;
}

export interface EntityDeclaration<M extends ModelName = ModelName> {
  readonly model: M;
  /** Name of the set: `products`. */
  readonly set: string;
  /** Name for one, where it is not the model's with a small first letter. */
  readonly single?: string;
  /** The unique fields by which outsiders know a row; upserts match by it. */
  readonly naturalKey?: readonly ColumnName<M>[];
  /** Text columns that full-text search reads. */
  readonly search?: readonly ColumnName<M>[];
  /** Fields that `read` does not cover, with their group: `{ cost: 'products.cost' }` needs `products.cost:read`. */
  readonly restricted?: { readonly [F in FieldName<M>]?: string };
  /** Fields that nobody sees. */
  readonly hidden?: readonly FieldName<M>[];
  readonly computed?: Readonly<Record<string, SqlComputed | FunctionComputed>>;
  readonly rowFilter?: SqlTemplate;
}

type SqlOptions<M extends ModelName, N extends ColumnName<M>> = Omit<
  SqlComputed,
  'kind' | 'needs' | 'sql'
> & {
  readonly needs: readonly N[];
  readonly sql: (column: (name: N) => string) => string;
};

type FunctionOptions<M extends ModelName, N extends ColumnName<M>> = Omit<
  FunctionComputed,
  'kind' | 'needs' | 'compute'
> & {
  readonly needs: readonly N[];
  readonly compute: (row: { readonly [F in N]: Plain<Row<M>[F]> }) => unknown;
};

/** The two ways to compute a field of model M. */
export interface Compute<M extends ModelName> {
  /** By an SQL expression over columns of the row. */
  sql<N extends ColumnName<M>>(options: SqlOptions<M, N>): SqlComputed;
  /** By a function over columns of the row. */
  value<N extends ColumnName<M>>(options: FunctionOptions<M, N>): FunctionComputed;
}

const compute: Compute<ModelName> = {
  sql: options => ({ kind: 'sql', ...options }) as SqlComputed,
  value: options => ({ kind: 'function', ...options }) as FunctionComputed,
};

/**
 * Declares one exposed entity.
 * @param model the Prisma model
 * @param declare what to expose; it is handed the two ways to compute a field
 */
export const entity = <M extends ModelName>(
  model: M,
  declare: (compute: Compute<M>) => Omit<EntityDeclaration<M>, 'model'>,
): EntityDeclaration =>
  ({ model, ...declare(compute as unknown as Compute<M>) }) as unknown as EntityDeclaration;

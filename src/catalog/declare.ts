// How a project declares what to expose. The types come from its Prisma client, so a misspelt field does not compile.

import type { Scalar, SqlTemplate } from './catalog.ts';

/** The types that Prisma generates for a project's models: `Prisma.TypeMap`. */
export interface Models {
  readonly model: Readonly<Record<string, { payload: { scalars: object; objects: object } }>>;
}
type ModelName<T extends Models> = keyof T['model'] & string;
type Payload<T extends Models, M extends ModelName<T>> = T['model'][M]['payload'];
type Row<T extends Models, M extends ModelName<T>> = Payload<T, M>['scalars'];
/** Names of a model's columns. */
type ColumnName<T extends Models, M extends ModelName<T>> = keyof Row<T, M> & string;
/** Names of a model's columns and relations. */
type FieldName<T extends Models, M extends ModelName<T>> =
  | ColumnName<T, M>
  | (keyof Payload<T, M>['objects'] & string);

/** A column's value as function fields receive it: Decimal as text, so that no digits are lost. */
type Plain<T> = T extends { toDecimalPlaces: unknown } ? string : T extends Uint8Array ? Buffer : T;

interface ComputedBase {
  readonly type: Exclude<Scalar, 'Enum' | 'Duration'>;
  /** Default: true. */
  readonly nullable?: boolean;
  readonly description?: string;
  /** See `EntityDeclaration.restricted`. Restrictions of the needed columns apply as well. */
  readonly restricted?: string;
}

/** Computed by the database: it can be filtered and sorted by. */
export interface SqlComputed extends ComputedBase, SqlTemplate {
  readonly kind: 'sql';
  readonly precision?: number;
  readonly scale?: number;
}

/** Computed by the server, row by row, when selected. */
export interface FunctionComputed extends ComputedBase {
  readonly kind: 'function';
  readonly needs: readonly string[];
  readonly compute: (row: Readonly<Record<string, unknown>>) => unknown;
}

export interface EntityDeclaration<
  Model extends string = string,
  Column extends string = string,
  Field extends string = string,
> {
  readonly model: Model;
  /** Name of the set: `products`. */
  readonly set: string;
  /** Name of a single record. Default: the model's name with a lower-case first letter. */
  readonly single?: string;
  /** The unique fields by which upserts identify a row. */
  readonly naturalKey?: readonly Column[];
  /** Text columns that full-text search reads. */
  readonly search?: readonly Column[];
  /** Fields that `read` does not cover, with their group: `{ cost: 'products.cost' }` needs `products.cost:read`. */
  readonly restricted?: { readonly [F in Field]?: string };
  /** Fields that are not exposed. */
  readonly hidden?: readonly Field[];
  readonly computed?: Readonly<Record<string, SqlComputed | FunctionComputed>>;
  readonly rowFilter?: SqlTemplate;
}

type SqlOptions<T extends Models, M extends ModelName<T>, N extends ColumnName<T, M>> = Omit<
  SqlComputed,
  'kind' | 'needs' | 'sql'
> & {
  readonly needs: readonly N[];
  readonly sql: (column: (name: N) => string) => string;
};

type FunctionOptions<T extends Models, M extends ModelName<T>, N extends ColumnName<T, M>> = Omit<
  FunctionComputed,
  'kind' | 'needs' | 'compute'
> & {
  readonly needs: readonly N[];
  readonly compute: (row: { readonly [F in N]: Plain<Row<T, M>[F]> }) => unknown;
};

/** The two ways to compute a field of model M. */
interface Compute<T extends Models, M extends ModelName<T>> {
  /** By an SQL expression over columns of the row. */
  sql<N extends ColumnName<T, M>>(options: SqlOptions<T, M, N>): SqlComputed;
  /** By a function over columns of the row. */
  value<N extends ColumnName<T, M>>(options: FunctionOptions<T, M, N>): FunctionComputed;
}

const compute = {
  sql: (options: object) => ({ kind: 'sql', ...options }) as SqlComputed,
  value: (options: object) => ({ kind: 'function', ...options }) as FunctionComputed,
};

type Declared<T extends Models, M extends ModelName<T>> = Omit<
  EntityDeclaration<M, ColumnName<T, M>, FieldName<T, M>>,
  'model'
>;

/** Declares one exposed entity: its Prisma model, and what to expose of it. `declare` receives the two ways to compute a field. */
export type DeclareEntity<T extends Models> = <M extends ModelName<T>>(
  model: M,
  declare: (compute: Compute<T, M>) => Declared<T, M>,
) => EntityDeclaration;

/**
 * @returns a function that declares entities of a project's models, typed by its Prisma client:
 *   `const entity = entitiesOf<Prisma.TypeMap>()`
 */
export const entitiesOf =
  <T extends Models>(): DeclareEntity<T> =>
  (model, declare) =>
    ({ model, ...declare(compute as never) }) as unknown as EntityDeclaration;

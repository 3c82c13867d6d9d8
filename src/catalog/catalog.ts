// The exposed model as plain frozen data: what the Prisma datamodel stores, joined with what schema/ exposes of it.

export type Scalar =
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'BigInt'
  | 'Float'
  | 'Decimal'
  | 'DateTime'
  | 'Date'
  | 'Time'
  /** Only for expressions: no column has this type. */
  | 'Duration'
  | 'Uuid'
  | 'Json'
  | 'Bytes'
  | 'Enum';

export interface EnumType {
  readonly name: string;
  readonly description?: string;
  /** The type's name in the database. */
  readonly sqlType: string;
  /** In the order of declaration, which is also their order in comparisons. */
  readonly values: readonly EnumValue[];
}

interface EnumValue {
  readonly name: string;
  /** As the database stores it. */
  readonly stored: string;
}

/** The type of a column or an expression. */
export interface ValueType {
  readonly scalar: Scalar;
  readonly list: boolean;
  readonly enum?: EnumType;
  /** The database's name for the element type, quoted where needed: `integer`, `numeric`, `"OrderStatus"`. */
  readonly sqlType: string;
}

interface FieldBase {
  readonly name: string;
  readonly description?: string;
  /** A restricted group such as `products.cost`: reading needs `products.cost:read`, writing `products.cost:write`. */
  readonly restricted?: string;
}

/** A default that the Prisma client generates, not the database: `@default(cuid(2))`. */
export interface MadeValue {
  readonly by: 'uuid' | 'cuid' | 'nanoid' | 'ulid';
  /** The version of a UUID or cuid, or the length of a nanoid. */
  readonly option?: number;
}

export interface ColumnField extends FieldBase {
  readonly kind: 'column';
  readonly type: ValueType;
  /** The column's name in the database. */
  readonly column: string;
  /** The column's own type, if it is served as another: `inet` is served as text. */
  readonly stored?: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** How the server generates a value for a new row without one. The database then has no default. */
  readonly made?: MadeValue;
  /** Whether the column is auto-incremented; callers then cannot set it. */
  readonly counted?: boolean;
  /** Whether every change sets it to the current time. */
  readonly updatedAt: boolean;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** A field that the database computes: it can be filtered and sorted by. Reading it requires permission for the columns it needs. */
export interface SqlField extends FieldBase, SqlTemplate {
  readonly kind: 'sql';
  readonly type: ValueType;
  readonly nullable: boolean;
  readonly precision?: number;
  readonly scale?: number;
}

/** A field that a TypeScript function computes from other columns of the row: it can only be selected. */
export interface FunctionField extends FieldBase {
  readonly kind: 'function';
  readonly type: ValueType;
  readonly nullable: boolean;
  readonly needs: readonly string[];
  /** @param row the needed values: Decimal as string, BigInt as bigint, DateTime as Date @returns a value that JSON can represent */
  readonly compute: (row: Readonly<Record<string, unknown>>) => unknown;
}

export interface RelationField extends FieldBase {
  readonly kind: 'relation';
  /** Name of the model at the other end. */
  readonly target: string;
  readonly list: boolean;
  /** Whether a to-one relation may have no record. */
  readonly nullable: boolean;
  readonly link: Link;
  /** Name of the opposite relation field, if it is exposed. */
  readonly inverse?: string;
}

/** How the rows of two tables are joined. All names are database columns, paired by position. */
export type Link =
  | {
      readonly kind: 'columns';
      readonly local: readonly string[];
      readonly foreign: readonly string[];
      /** Whether `local` is the foreign key; otherwise `foreign` is. */
      readonly owner: boolean;
    }
  | {
      readonly kind: 'table';
      readonly table: string;
      /** The join table's column that refers to `local`. */
      readonly near: string;
      /** The join table's column that refers to `foreign`. */
      readonly far: string;
      readonly local: string;
      readonly foreign: string;
    };

export type Field = ColumnField | SqlField | FunctionField | RelationField;
/** A field with a value of its own, as opposed to a relation. */
export type ValueField = ColumnField | SqlField | FunctionField;

export interface Entity {
  /** The model's name: `Product`. */
  readonly name: string;
  /** The set's name, as in URLs and queries: `products`. */
  readonly set: string;
  /** The name of a single record: `product`. */
  readonly single: string;
  readonly description?: string;
  /** The table's name in the database. */
  readonly table: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Names of the fields of the primary key. */
  readonly key: readonly string[];
  /** The other unique keys. */
  readonly uniques: readonly (readonly string[])[];
  /** The unique fields by which upserts identify a row: `['sku']`. */
  readonly naturalKey?: readonly string[];
  /** Names of the fields that are the first column of a B-tree index. Absent: none are known. */
  readonly indexed?: ReadonlySet<string>;
  /** Text columns that full-text search reads. */
  readonly search: readonly string[];
  /** Rows for which this is not true are hidden from every caller. */
  readonly rowFilter?: SqlTemplate;
}

/** An SQL expression over the columns of one row, from the entity's declaration. */
export interface SqlTemplate {
  /** Names of the columns that it reads. */
  readonly needs: readonly string[];
  /** @param column returns the SQL of one of `needs` @returns an SQL expression */
  readonly sql: (column: (name: string) => string) => string;
}

export interface Catalog {
  /** By model name: `Product`. */
  readonly entities: ReadonlyMap<string, Entity>;
  /** By set name: `products`. */
  readonly sets: ReadonlyMap<string, Entity>;
  readonly enums: ReadonlyMap<string, EnumType>;
  /** Fields of exposed models that are not served because Prisma does not support their types. */
  readonly leftOut: readonly { readonly field: string; readonly type: string }[];
  /** All scopes: read, write, admin, and those of the sets and the restricted groups. */
  readonly scopes: readonly string[];
}

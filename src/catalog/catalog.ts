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
  /** Of expressions only: no column has it. */
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

/** The type of a value, of a column or of an expression. */
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

/** A default that Prisma's client makes, not the database: `@default(cuid(2))`. */
export interface MadeValue {
  readonly by: 'uuid' | 'cuid' | 'nanoid' | 'ulid';
  /** The version of a UUID or cuid, the length of a nanoid. */
  readonly option?: number;
}

export interface ColumnField extends FieldBase {
  readonly kind: 'column';
  readonly type: ValueType;
  /** The column's name in the database. */
  readonly column: string;
  /** The column's own type, where it is served as another: `inet` is served as text. */
  readonly stored?: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** How the server makes a value for a new row that has none. The database has no default then. */
  readonly made?: MadeValue;
  /** Whether the database counts the values up: then callers cannot give them. */
  readonly counted?: boolean;
  /** Set to the present time by every change. */
  readonly updatedAt: boolean;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** A field that the database computes: it can be filtered and sorted by. Who may not read what it needs may not read it. */
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
  /** @param row the needed values: Decimal as string, BigInt as bigint, DateTime as Date @returns what JSON can say */
  readonly compute: (row: Readonly<Record<string, unknown>>) => unknown;
}

export interface RelationField extends FieldBase {
  readonly kind: 'relation';
  /** Name of the model at the other end. */
  readonly target: string;
  readonly list: boolean;
  /** Whether a to-one relation may have no other end. */
  readonly nullable: boolean;
  readonly link: Link;
  /** Name of the relation field that leads back, where it is exposed. */
  readonly inverse?: string;
}

/** How rows of two tables meet. All names are columns in the database, paired by position. */
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
      /** The join table's column that holds `local` of this side. */
      readonly near: string;
      /** The join table's column that holds `foreign` of the other side. */
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
  /** The name for one: `product`. */
  readonly single: string;
  readonly description?: string;
  /** The table's name in the database. */
  readonly table: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Names of the fields of the primary key. */
  readonly key: readonly string[];
  /** Every other set of fields that identifies a row. */
  readonly uniques: readonly (readonly string[])[];
  /** The fields by which outsiders know a row, used by upserts: `['sku']`. */
  readonly naturalKey?: readonly string[];
  /** Names of the fields that some index begins with, in whose order it gives the rows. Absent: none is known. */
  readonly indexed?: ReadonlySet<string>;
  /** Text columns that full-text search reads. */
  readonly search: readonly string[];
  /** Rows for which this is not true do not exist for any caller. */
  readonly rowFilter?: SqlTemplate;
}

/** A piece of SQL over columns of one row, written by whoever declares the entity. */
export interface SqlTemplate {
  /** Names of the columns that it reads. */
  readonly needs: readonly string[];
  /** @param column gives the SQL for one of `needs` @returns an SQL expression */
  readonly sql: (column: (name: string) => string) => string;
}

export interface Catalog {
  /** By model name: `Product`. */
  readonly entities: ReadonlyMap<string, Entity>;
  /** By set name: `products`. */
  readonly sets: ReadonlyMap<string, Entity>;
  readonly enums: ReadonlyMap<string, EnumType>;
  /** Fields of exposed models that are not served, as Prisma does not support their types. */
  readonly leftOut: readonly { readonly field: string; readonly type: string }[];
  /** Every scope there is: read, write, admin, those of the sets, those of the restricted groups. */
  readonly scopes: readonly string[];
}

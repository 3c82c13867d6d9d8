// The Prisma data model as prisma/datamodel-generator.mjs writes it: only what the catalog reads.

export interface Datamodel {
  readonly models: readonly DatamodelModel[];
  readonly enums: readonly DatamodelEnum[];
  readonly indexes: readonly DatamodelIndex[];
  /** Fields of type `Unsupported("type")` in the Prisma schema, which `models` leaves out. */
  readonly unsupported?: readonly UnsupportedField[];
}

interface UnsupportedField {
  readonly model: string;
  readonly name: string;
  /** The type's name in the database: `cidr`. */
  readonly type: string;
}

interface DatamodelIndex {
  readonly model: string;
  /** Absent: a B-tree. */
  readonly algorithm?: string;
  readonly fields: readonly { readonly name: string }[];
}

export interface DatamodelModel {
  readonly name: string;
  readonly dbName: string | null;
  readonly documentation?: string;
  readonly fields: readonly DatamodelField[];
  readonly primaryKey: { readonly fields: readonly string[] } | null;
  readonly uniqueFields: readonly (readonly string[])[];
}

export interface DatamodelField {
  readonly name: string;
  readonly dbName?: string | null;
  readonly kind: 'scalar' | 'enum' | 'object' | 'unsupported';
  readonly type: string;
  readonly nativeType?: readonly [string, readonly string[]] | null;
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly isId: boolean;
  readonly hasDefaultValue: boolean;
  readonly default?: unknown;
  readonly isUpdatedAt?: boolean;
  readonly documentation?: string;
  readonly relationName?: string;
  readonly relationFromFields?: readonly string[];
  readonly relationToFields?: readonly string[];
}

interface DatamodelEnum {
  readonly name: string;
  readonly dbName: string | null;
  readonly documentation?: string;
  readonly values: readonly { readonly name: string; readonly dbName: string | null }[];
}

// A Prisma field's type -> the catalog's scalar, and the type's name in the database.

import type { EnumType, Scalar, ValueType } from './catalog.ts';
import type { DatamodelField } from './datamodel.ts';

const byPrismaType: Readonly<Record<string, readonly [Scalar, string]>> = {
  String: ['String', 'text'],
  Boolean: ['Boolean', 'boolean'],
  Int: ['Int', 'integer'],
  BigInt: ['BigInt', 'bigint'],
  Float: ['Float', 'double precision'],
  Decimal: ['Decimal', 'numeric'],
  DateTime: ['DateTime', 'timestamp'],
  Json: ['Json', 'jsonb'],
  Bytes: ['Bytes', 'bytea'],
};

/** `@db.…` attributes that change the scalar or the type's name. */
const byNativeType: Readonly<Record<string, readonly [Scalar, string]>> = {
  Char: ['String', 'bpchar'],
  Citext: ['String', 'citext'],
  Uuid: ['Uuid', 'uuid'],
  SmallInt: ['Int', 'smallint'],
  Real: ['Float', 'real'],
  Date: ['Date', 'date'],
  Time: ['Time', 'time'],
  Timetz: ['Time', 'timetz'],
  Timestamptz: ['DateTime', 'timestamptz'],
  Json: ['Json', 'json'],
};

/** `@db.…` attributes of types that are served as another type: the scalar, the type cast to, the type cast from. */
const byStoredType: Readonly<Record<string, readonly [Scalar, string, string]>> = {
  Inet: ['String', 'text', 'inet'],
  Xml: ['String', 'text', 'xml'],
  // A cast to "bit" would mean "bit(1)" and truncate. The column's own length is checked on assignment.
  Bit: ['String', 'text', 'varbit'],
  VarBit: ['String', 'text', 'varbit'],
  Money: ['Decimal', 'numeric', 'money'],
  // Unsigned, so half of its values are too large for an integer.
  Oid: ['BigInt', 'bigint', 'oid'],
};

/** @returns the column's own type, if it is served as another */
export const storedType = ({ nativeType }: DatamodelField): string | undefined =>
  byStoredType[nativeType?.[0] ?? '']?.[2];

/** @returns the type of a column @throws Error for a type that the engine does not know */
export function columnType(field: DatamodelField, enums: ReadonlyMap<string, EnumType>): ValueType {
  const { isList: list } = field;
  if (field.kind === 'enum') {
    const type = enums.get(field.type)!;
    return { scalar: 'Enum', list, enum: type, sqlType: type.sqlType };
  }
  const native = field.nativeType?.[0] ?? '';
  const known = byStoredType[native] ?? byNativeType[native] ?? byPrismaType[field.type];
  if (!known) throw new Error(`Field ${field.name}: the type ${field.type} is not supported.`);
  return { scalar: known[0], list, sqlType: known[1] };
}

/** @returns the type of a computed field */
export function computedType(scalar: Scalar): ValueType {
  const sqlTypes: Partial<Record<Scalar, string>> = {
    Uuid: 'uuid',
    Date: 'date',
    Time: 'time',
    DateTime: 'timestamptz',
  };
  return { scalar, list: false, sqlType: sqlTypes[scalar] ?? byPrismaType[scalar]![1] };
}

/** Length, precision and scale, from the `@db.…` attribute. */
export function typeBounds(field: DatamodelField): {
  maxLength?: number;
  precision?: number;
  scale?: number;
} {
  const [name, args] = field.nativeType ?? ['', []];
  const [first, second] = args.map(Number);
  if (name === 'VarChar' || name === 'Char') return { maxLength: first };
  if (name === 'Decimal') return { precision: first, scale: second ?? 0 };
  if (name === 'Money') return { precision: 19, scale: 2 };
  if (field.type === 'Decimal') return { precision: 65, scale: 30 };
  if (field.type === 'DateTime' && name !== 'Date') return { precision: first ?? (name === '' ? 3 : 6) };
  return {};
}

// The types that refer to one another while a schema is built, each created on first use.

import type { Catalog, EnumType } from '../../catalog/catalog.ts';
import type { Builder } from '../model/builder.ts';
import type { MayWrite } from '../model/may-write.ts';

/** A row as the engine answers it: values by response key. */
export type Row = Readonly<Record<string, unknown>>;
export type InputRef = ReturnType<typeof newInput>;
export type ObjectRef = ReturnType<typeof newObject>;
type EnumRef = ReturnType<typeof newEnum>;

export interface SchemaParts {
  readonly builder: Builder;
  readonly catalog: Catalog;
  /** By model name. */
  readonly objects: ReadonlyMap<string, ObjectRef>;
  /** By name. */
  readonly enums: Map<string, EnumRef>;
  readonly inputs: Map<string, InputRef>;
  /** Object types about rows, by name. */
  readonly outputs: Map<string, ObjectRef>;
  readonly sortOrder: EnumRef;
  readonly stringMode: EnumRef;
  readonly mayWrite: MayWrite;
}

export function createParts(builder: Builder, catalog: Catalog, mayWrite: MayWrite): SchemaParts {
  const entities = [...catalog.entities.values()];
  return {
    builder,
    catalog,
    mayWrite,
    objects: new Map(entities.map(entity => [entity.name, newObject(builder, entity.name)])),
    enums: new Map([...catalog.enums.values()].map(type => [type.name, catalogEnum(builder, type)])),
    inputs: new Map(),
    outputs: new Map(),
    sortOrder: newEnum(builder, 'SortOrder', sortOrders, 'Sort direction, and the position of nulls.'),
    stringMode: newEnum(builder, 'StringMode', stringModes, 'Whether comparisons are case-sensitive.'),
  };
}

/** @returns the input type of this name; `build` defines it on first use */
export function inputType(parts: SchemaParts, name: string, build: (ref: InputRef) => void): InputRef {
  const known = parts.inputs.get(name);
  if (known) return known;
  const ref = newInput(parts.builder, name);
  parts.inputs.set(name, ref);
  build(ref);
  return ref;
}

/** @returns the object type of this name; `build` defines it on first use */
export function outputType(parts: SchemaParts, name: string, build: (ref: ObjectRef) => void): ObjectRef {
  const known = parts.outputs.get(name);
  if (known) return known;
  const ref = newObject(parts.builder, name);
  parts.outputs.set(name, ref);
  build(ref);
  return ref;
}

const newInput = (builder: Builder, name: string) => builder.inputRef<object>(name);
const newObject = (builder: Builder, name: string) => builder.objectRef<Row>(name);

function newEnum(
  builder: Builder,
  name: string,
  values: Record<string, string | undefined>,
  description?: string,
) {
  const described = Object.entries(values).map(
    ([value, text]) => [value, { value, description: text }] as const,
  );
  return builder.enumType(name, { description, values: Object.fromEntries(described) });
}

const catalogEnum = (builder: Builder, type: EnumType) =>
  newEnum(
    builder,
    type.name,
    Object.fromEntries(type.values.map(value => [value.name, undefined])),
    type.description,
  );

const sortOrders = {
  asc: 'Lowest first; nulls first.',
  desc: 'Highest first; nulls last.',
  asc_nulls_first: 'Lowest first; nulls first.',
  asc_nulls_last: 'Lowest first; nulls last.',
  desc_nulls_first: 'Highest first; nulls first.',
  desc_nulls_last: 'Highest first; nulls last.',
};

const stringModes = {
  default: 'Case-sensitive.',
  insensitive: 'Case-insensitive.',
};

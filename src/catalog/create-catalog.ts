// The Prisma data model + the declarations in schema/ -> the catalog.

import { fault } from '../base/errors.ts';
import type { Catalog, ColumnField, Entity, EnumType, Field, RelationField, ValueField } from './catalog.ts';
import { declarationFaults, singleOf } from './check-declarations.ts';
import type { Datamodel, DatamodelField, DatamodelModel } from './datamodel.ts';
import type { EntityDeclaration, FunctionComputed, SqlComputed } from './declare.ts';
import { keyFields, linkOf, oppositeField } from './link.ts';
import { columnDefault } from './made-value.ts';
import { usesEnum } from './uses-enum.ts';
import { columnType, computedType, storedType, typeBounds } from './value-type.ts';

/**
 * @param datamodel the Prisma data model: prisma/generated/datamodel.json
 * @param declarations what to expose of it
 * @param others faults found elsewhere, to report together with those of the declarations
 * @throws CONFLICT that lists every fault, one per line
 */
export function createCatalog(
  datamodel: Datamodel,
  declarations: readonly EntityDeclaration[],
  others: readonly string[] = [],
): Catalog {
  const faults = [...declarationFaults(datamodel, declarations), ...others];
  if (faults.length > 0) throw schemaFault(faults);
  const enums = new Map(datamodel.enums.map(type => [type.name, toEnum(type)]));
  const exposed = new Map(declarations.map(declaration => [declaration.model as string, declaration]));
  const entities = declarations.map(declaration => toEntity({ datamodel, exposed, enums }, declaration));
  const sets = new Map(entities.map(entity => [entity.set, entity]));
  return Object.freeze({
    entities: new Map(entities.map(entity => [entity.name, entity])),
    sets,
    enums: new Map([...enums].filter(([, type]) => usesEnum(entities, type))),
    leftOut: (datamodel.unsupported ?? [])
      .filter(({ model }) => exposed.has(model))
      .map(({ model, name, type }) => ({ field: `${model}.${name}`, type })),
    scopes: scopesOf(entities),
  });
}

const schemaFault = (faults: readonly string[]) =>
  fault('CONFLICT', ['The declarations in schema/ have errors:', ...faults].join('\n  '), {
    hint: 'Fix them and start again. The database was not changed.',
  });

interface Context {
  readonly datamodel: Datamodel;
  readonly exposed: ReadonlyMap<string, EntityDeclaration>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

function toEntity(context: Context, declaration: EntityDeclaration): Entity {
  const model = context.datamodel.models.find(other => other.name === declaration.model)!;
  const fields = new Map<string, Field>();
  for (const field of model.fields) {
    const converted = toField(context, model, field, declaration);
    if (converted) fields.set(field.name, Object.freeze(converted));
  }
  for (const [name, computed] of Object.entries(declaration.computed ?? {})) {
    fields.set(name, Object.freeze(toComputed(name, computed)));
  }
  return Object.freeze({
    name: model.name,
    set: declaration.set,
    single: declaration.single ?? singleOf(model.name),
    description: model.documentation,
    table: model.dbName ?? model.name,
    fields,
    key: keyFields(model),
    uniques: uniquesOf(model).filter(unique => unique.every(name => fields.has(name))),
    naturalKey: declaration.naturalKey,
    indexed: indexedFields(context.datamodel, model),
    search: declaration.search ?? [],
    rowFilter: declaration.rowFilter,
  });
}

const indexedFields = ({ indexes }: Datamodel, { name, fields }: DatamodelModel): ReadonlySet<string> =>
  new Set(
    indexes
      .filter(index => index.model === name && (index.algorithm ?? 'BTree') === 'BTree')
      .map(index => index.fields[0]!.name)
      // An index on a column that is served through a cast cannot serve its order.
      .filter(first => storedType(fields.find(field => field.name === first)!) === undefined),
  );

const uniquesOf = (model: DatamodelModel): (readonly string[])[] => [
  ...model.fields.filter(field => field.isUnique).map(field => [field.name]),
  ...model.uniqueFields,
];

function toField(
  context: Context,
  model: DatamodelModel,
  field: DatamodelField,
  declaration: EntityDeclaration,
): Field | undefined {
  if ((declaration.hidden as readonly string[] | undefined)?.includes(field.name)) return undefined;
  const restricted = (declaration.restricted as Record<string, string> | undefined)?.[field.name];
  if (field.kind === 'object') return toRelation(context, model, field, restricted);
  if (field.kind === 'unsupported') return undefined;
  return toColumn(context, field, restricted);
}

const toColumn = (context: Context, field: DatamodelField, restricted?: string): ColumnField => ({
  kind: 'column',
  name: field.name,
  description: field.documentation,
  restricted,
  type: columnType(field, context.enums),
  stored: storedType(field),
  column: field.dbName ?? field.name,
  nullable: !field.isRequired,
  hasDefault: field.hasDefaultValue,
  ...columnDefault(field),
  updatedAt: field.isUpdatedAt ?? false,
  ...typeBounds(field),
});

function toRelation(
  context: Context,
  model: DatamodelModel,
  field: DatamodelField,
  restricted?: string,
): RelationField | undefined {
  const target = context.exposed.get(field.type);
  if (!target) return undefined;
  const inverse = oppositeField(context.datamodel, model, field)?.name;
  const inverseHidden = (target.hidden as readonly string[] | undefined)?.includes(inverse ?? '');
  return {
    kind: 'relation',
    name: field.name,
    description: field.documentation,
    restricted,
    target: field.type,
    list: field.isList,
    nullable: !field.isRequired,
    link: linkOf(context.datamodel, model, field),
    inverse: inverseHidden ? undefined : inverse,
  };
}

const toComputed = (name: string, computed: SqlComputed | FunctionComputed): ValueField => ({
  ...computed,
  name,
  type: computedType(computed.type),
  nullable: computed.nullable ?? true,
});

const toEnum = (type: Datamodel['enums'][number]): EnumType => ({
  name: type.name,
  description: type.documentation,
  sqlType: `"${(type.dbName ?? type.name).replaceAll('"', '""')}"`,
  values: type.values.map(value => ({ name: value.name, stored: value.dbName ?? value.name })),
});

function scopesOf(entities: readonly Entity[]): string[] {
  const groups = new Set<string>();
  for (const entity of entities) {
    for (const field of entity.fields.values()) if (field.restricted) groups.add(field.restricted);
  }
  const names = [...entities.map(entity => entity.set), ...groups];
  return ['read', 'write', 'admin', ...names.flatMap(name => [`${name}:read`, `${name}:write`])];
}

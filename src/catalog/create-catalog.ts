// The Prisma datamodel + what schema/ declares -> the catalog.

import type { Catalog, ColumnField, Entity, EnumType, Field, RelationField, ValueField } from './catalog.ts';
import type { Datamodel, DatamodelField, DatamodelModel } from './datamodel.ts';
import type { EntityDeclaration, FunctionComputed, SqlComputed } from './declare.ts';
import { keyFields, linkOf, oppositeField } from './link.ts';
import { usesEnum } from './uses-enum.ts';
import { columnType, computedType, typeBounds } from './value-type.ts';

/**
 * @param datamodel what Prisma knows: prisma/generated/datamodel.json
 * @param declarations what is exposed of it
 * @throws Error naming the entity and field whose declaration can't be served
 */
export function createCatalog(datamodel: Datamodel, declarations: readonly EntityDeclaration[]): Catalog {
  const enums = new Map(datamodel.enums.map(type => [type.name, toEnum(type)]));
  const exposed = new Map(declarations.map(declaration => [declaration.model as string, declaration]));
  const entities = declarations.map(declaration => toEntity({ datamodel, exposed, enums }, declaration));
  const sets = new Map(entities.map(entity => [entity.set, entity]));
  if (sets.size < entities.length) throw new Error('Two entities are declared with the same set name.');
  return Object.freeze({
    entities: new Map(entities.map(entity => [entity.name, entity])),
    sets,
    enums: new Map([...enums].filter(([, type]) => usesEnum(entities, type))),
    scopes: scopesOf(entities),
  });
}

interface Context {
  readonly datamodel: Datamodel;
  readonly exposed: ReadonlyMap<string, EntityDeclaration>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

function toEntity(context: Context, declaration: EntityDeclaration): Entity {
  const model = context.datamodel.models.find(other => other.name === declaration.model);
  if (!model) throw new Error(`There is no model ${declaration.model} in the Prisma schema.`);
  const fields = new Map<string, Field>();
  for (const field of model.fields) {
    const converted = toField(context, model, field, declaration);
    if (converted) fields.set(field.name, Object.freeze(converted));
  }
  for (const [name, computed] of Object.entries(declaration.computed ?? {})) {
    fields.set(name, Object.freeze(toComputed(name, computed, fields, declaration)));
  }
  const key = keyFields(model);
  const missing = key.find(name => !fields.has(name));
  if (missing) throw new Error(`${model.name}.${missing} belongs to the primary key: it can't be hidden.`);
  return Object.freeze({
    name: model.name,
    set: declaration.set,
    single: declaration.single ?? model.name[0]!.toLowerCase() + model.name.slice(1),
    description: model.documentation,
    table: model.dbName ?? model.name,
    fields,
    key,
    uniques: uniquesOf(model).filter(unique => unique.every(name => fields.has(name))),
    naturalKey: declaration.naturalKey,
    indexed: indexedFields(context.datamodel, model),
    search: searchFields(declaration, fields),
    rowFilter: declaration.rowFilter,
  });
}

function searchFields({ model, search = [] }: EntityDeclaration, fields: ReadonlyMap<string, Field>) {
  for (const name of search) {
    const field = fields.get(name);
    if (field?.kind === 'column' && field.type.scalar === 'String' && !field.type.list) continue;
    throw new Error(`${model}.${name}: only exposed text columns can be searched.`);
  }
  return search;
}

const indexedFields = ({ indexes }: Datamodel, { name }: DatamodelModel): ReadonlySet<string> =>
  new Set(
    indexes
      .filter(index => index.model === name && (index.algorithm ?? 'BTree') === 'BTree')
      .map(index => index.fields[0]!.name),
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
  column: field.dbName ?? field.name,
  nullable: !field.isRequired,
  hasDefault: field.hasDefaultValue,
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

function toComputed(
  name: string,
  computed: SqlComputed | FunctionComputed,
  fields: ReadonlyMap<string, Field>,
  declaration: EntityDeclaration,
): ValueField {
  if (fields.has(name)) throw new Error(`${declaration.model}.${name}: the model has a field of that name.`);
  for (const need of computed.needs) {
    if (fields.get(need)?.kind === 'column') continue;
    throw new Error(`${declaration.model}.${name} needs ${need}, which is not an exposed column.`);
  }
  return { ...computed, name, type: computedType(computed.type), nullable: computed.nullable ?? true };
}

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

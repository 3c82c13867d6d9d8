// What a column of a mapper writes to: a field, or a relation by a key of the record at the other end.

import { didYouMean } from '../../base/near-name.ts';
import type { Catalog, ColumnField, Entity, RelationField } from '../../catalog/catalog.ts';
import { waysToOne } from '../../catalog/ways-to-one.ts';
import { foreignKey } from '../../query/change/check/writable.ts';
import type { MapperColumn } from './schema.ts';

export type MapperTarget = FieldTarget | RelationTarget | TreeTarget;

interface FieldTarget {
  readonly kind: 'field';
  readonly field: ColumnField;
}

interface ToRelation {
  readonly relation: RelationField;
  /** The entity at the other end. */
  readonly target: Entity;
  /** The field there by which records are found. */
  readonly key: ColumnField;
  /** The fields that store the relation. */
  readonly stored: readonly ColumnField[];
  /** Values of records that are created because they do not exist. */
  readonly create?: Readonly<Record<string, string>>;
}

interface RelationTarget extends ToRelation {
  readonly kind: 'relation';
}

/** A relation to a node of a tree: its values are paths, as JSON lists of names. */
interface TreeTarget extends ToRelation {
  readonly kind: 'tree';
  readonly label: ColumnField;
  readonly parent: RelationField;
  readonly parentStored: readonly ColumnField[];
  readonly keyOf: 'path' | 'label';
}

export interface TargetFault {
  readonly message: string;
  readonly hint?: string;
}

export const isTargetFault = (target: MapperTarget | TargetFault): target is TargetFault =>
  'message' in target;

/** @param known names to suggest for one that does not exist */
export function targetOf(
  catalog: Catalog,
  entity: Entity,
  column: MapperColumn,
  known: readonly string[],
): MapperTarget | TargetFault {
  const [name = '', key, ...rest] = column.field.split('.');
  const field = entity.fields.get(name);
  if (!field || rest.length > 0) return unknownField(entity, column.field, known);
  if (field.kind === 'relation')
    return relationTarget(catalog, entity, { relation: field, keyName: key, column });
  if (key !== undefined) return { message: `"${name}" is not a relation, so it has no "${key}".` };
  if (field.kind !== 'column') return { message: `"${name}" is computed and cannot be written.` };
  if (field.updatedAt) return { message: `"${name}" is set by the server.` };
  return { kind: 'field', field };
}

const unknownField = (entity: Entity, name: string, known: readonly string[]): TargetFault => ({
  message: `${entity.set} has no field "${name.slice(0, 80)}".`,
  hint: didYouMean(name, known),
});

function relationTarget(
  catalog: Catalog,
  entity: Entity,
  {
    relation,
    keyName,
    column,
  }: {
    readonly relation: RelationField;
    readonly keyName: string | undefined;
    readonly column: MapperColumn;
  },
): RelationTarget | TreeTarget | TargetFault {
  const target = catalog.entities.get(relation.target)!;
  const stored = storedBy(catalog, entity, relation);
  if (!stored)
    return {
      message: `"${relation.name}" leads to many records, or is stored by them. Import ${target.set} instead.`,
    };
  const keys = waysToOne(target).flatMap(way => (way.length === 1 ? way : []));
  if (keyName === undefined) return treeTarget(catalog, { relation, target, stored, column });
  if (column.tree) return { message: `"tree" belongs to a relation without a key: "${relation.name}".` };
  if (!keys.includes(keyName)) return unknownKey(target, relation, keyName, keys);
  return {
    kind: 'relation',
    relation,
    target,
    key: columnOf(target, keyName),
    stored,
    create: column.createMissing?.values,
  };
}

/** @returns the writable fields that store a to-one relation; undefined if the other end stores it */
function storedBy(catalog: Catalog, entity: Entity, relation: RelationField): ColumnField[] | undefined {
  if (relation.list || relation.link.kind !== 'columns' || !relation.link.owner) return undefined;
  return foreignKey(catalog, entity, relation);
}

const unknownKey = (
  target: Entity,
  relation: RelationField,
  name: string,
  keys: readonly string[],
): TargetFault => ({
  message: `"${name.slice(0, 80)}" is not a key of ${target.set}.`,
  hint: didYouMean(name, keys) ?? `Write ${keys.map(key => `"${relation.name}.${key}"`).join(' or ')}.`,
});

function treeTarget(
  catalog: Catalog,
  {
    relation,
    target,
    stored,
    column,
  }: {
    readonly relation: RelationField;
    readonly target: Entity;
    readonly stored: readonly ColumnField[];
    readonly column: MapperColumn;
  },
): TreeTarget | TargetFault {
  const key = target.naturalKey?.length === 1 ? columnOf(target, target.naturalKey[0]!) : undefined;
  const parents = [...target.fields.values()].filter(
    (field): field is RelationField =>
      field.kind === 'relation' && field.target === target.name && !field.list,
  );
  const wanted = column.tree?.parent;
  const parent = wanted === undefined ? parents[0] : parents.find(one => one.name === wanted);
  const parentStored = parent && storedBy(catalog, target, parent);
  if (!key || !parentStored || (wanted === undefined && parents.length > 1)) {
    const keys = waysToOne(target).flatMap(way => (way.length === 1 ? `"${relation.name}.${way[0]}"` : []));
    return {
      message: `"${relation.name}" is a relation: a mapper finds its record by a key.`,
      hint: `Write ${keys.join(' or ')}.`,
    };
  }
  const labelName = column.tree?.label ?? 'name';
  const label = target.fields.get(labelName);
  if (label?.kind !== 'column' || label.type.scalar !== 'String')
    return {
      message: `${target.set} has no text field "${labelName}" for the names of a path.`,
      hint: 'Name it in "tree.label".',
    };
  return {
    kind: 'tree',
    relation,
    target,
    key,
    stored,
    label,
    parent: parent!,
    parentStored,
    keyOf: column.tree?.key ?? 'path',
    create: column.createMissing?.values,
  };
}

const columnOf = (entity: Entity, name: string): ColumnField => entity.fields.get(name) as ColumnField;

/** @returns the names of the fields that a target sets */
export const fieldsOf = (target: MapperTarget): string[] =>
  target.kind === 'field' ? [target.field.name] : target.stored.map(field => field.name);

// The model that one caller may see, in terms of CSDL 4.01, before it is written as XML or JSON.

import type { EnumType, RelationField, ValueField, ValueType } from '../../catalog/catalog.ts';
import { edmType, qualified } from '../model/edm-types.ts';
import { targetOf, type VisibleEntity, type VisibleModel } from '../model/visible-model.ts';
import {
  type Annotation,
  containerAnnotations,
  description,
  propertyAnnotations,
  setAnnotations,
  typeAnnotations,
} from './annotations.ts';
import { referentialConstraints } from './referential-constraints.ts';

export interface Csdl {
  readonly types: readonly EntityTypeCsdl[];
  readonly enums: readonly EnumCsdl[];
  /** Whether any field has the open complex type for JSON. */
  readonly usesJson: boolean;
  readonly sets: readonly SetCsdl[];
  /** The annotations of the container. */
  readonly annotations: readonly Annotation[];
}

export interface EntityTypeCsdl {
  readonly name: string;
  readonly key: readonly string[];
  readonly properties: readonly PropertyCsdl[];
  readonly navigations: readonly NavigationCsdl[];
  readonly annotations: readonly Annotation[];
}

export interface PropertyCsdl {
  readonly name: string;
  /** For a collection, the type of its elements. */
  readonly type: string;
  readonly many: boolean;
  readonly nullable: boolean;
  readonly facets: Facets;
  readonly annotations: readonly Annotation[];
}

interface Facets {
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number | 'variable';
}

export interface NavigationCsdl {
  readonly name: string;
  readonly type: string;
  readonly many: boolean;
  readonly nullable: boolean;
  readonly partner?: string;
  readonly constraints: readonly { readonly Property: string; readonly ReferencedProperty: string }[];
  readonly annotations: readonly Annotation[];
}

export interface EnumCsdl {
  readonly name: string;
  readonly members: readonly string[];
  readonly annotations: readonly Annotation[];
}

export interface SetCsdl {
  readonly name: string;
  readonly type: string;
  readonly bindings: readonly { readonly Path: string; readonly Target: string }[];
  readonly annotations: readonly Annotation[];
}

/** @returns the description of a model; it names only what is in the model */
export function describe(model: VisibleModel): Csdl {
  const entities = [...model.sets.values()];
  const fields = entities.flatMap(({ values }) => [...values.values()]);
  const enums = [...new Set(fields.flatMap(field => field.type.enum ?? []))];
  return {
    types: entities.map(entity => entityType(model, entity)),
    enums: enums.map(enumType),
    usesJson: fields.some(field => field.type.scalar === 'Json'),
    sets: entities.map(entity => entitySet(model, entity)),
    annotations: containerAnnotations,
  };
}

function entityType(model: VisibleModel, visible: VisibleEntity): EntityTypeCsdl {
  const { entity, values, relations } = visible;
  return {
    name: entity.name,
    key: entity.key,
    properties: [...values.values()].map(property),
    navigations: [...relations.values()].map(relation => navigation(model, visible, relation)),
    annotations: typeAnnotations(visible),
  };
}

const property = (field: ValueField): PropertyCsdl => ({
  name: field.name,
  type: edmType({ ...field.type, list: false }),
  many: field.type.list,
  nullable: field.nullable && !field.type.list,
  facets: facets(field),
  annotations: propertyAnnotations(field),
});

/** Facets are allowed only on types that have them (OData CSDL XML 4.0, 6.2). */
function facets(field: ValueField): Facets {
  const { scalar } = field.type;
  const { maxLength, precision, scale } = field as { maxLength?: number; precision?: number; scale?: number };
  if (scalar === 'String' || scalar === 'Bytes') return { maxLength };
  if (scalar === 'Decimal') return { precision, scale: scale ?? 'variable' };
  if (scalar === 'DateTime' || scalar === 'Time')
    return { precision: precision ?? defaultPrecision(field.type) };
  return {};
}

/** Fractional digits of a second when the model has none. */
const defaultPrecision = ({ scalar }: ValueType): number => (scalar === 'Time' ? 0 : 3);

function navigation(model: VisibleModel, owner: VisibleEntity, relation: RelationField): NavigationCsdl {
  const target = targetOf(model, relation);
  const { name, list, nullable, inverse } = relation;
  return {
    name,
    type: qualified(relation.target),
    many: list,
    nullable: list || nullable,
    partner: inverse && target.relations.has(inverse) ? inverse : undefined,
    constraints: referentialConstraints(owner, target, relation),
    annotations: description(relation.description),
  };
}

const enumType = (type: EnumType): EnumCsdl => ({
  name: type.name,
  members: type.values.map(value => value.name),
  annotations: description(type.description),
});

const entitySet = (model: VisibleModel, visible: VisibleEntity): SetCsdl => ({
  name: visible.entity.set,
  type: qualified(visible.entity.name),
  bindings: [...visible.relations.values()].map(relation => ({
    Path: relation.name,
    Target: targetOf(model, relation).entity.set,
  })),
  annotations: setAnnotations(visible),
});

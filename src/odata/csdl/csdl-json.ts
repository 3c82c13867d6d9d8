// CSDL JSON 4.01: the same model as the XML, for 4.01 clients.

import { containerName, jsonTypeName, namespace } from '../model/edm-types.ts';
import type { VisibleModel } from '../model/visible-model.ts';
import { type Annotation, type AnnotationValue, vocabularies } from './annotations.ts';
import {
  describe,
  type EntityTypeCsdl,
  type EnumCsdl,
  type NavigationCsdl,
  type PropertyCsdl,
  type SetCsdl,
} from './csdl.ts';

type Json = Readonly<Record<string, unknown>>;

/** @returns $metadata as JSON text */
export function csdlJson(model: VisibleModel): string {
  const { types, enums, usesJson, sets, annotations } = describe(model);
  const references = vocabularies.map(({ namespace: name, alias, url }) => [
    `${url}.json`,
    { $Include: [{ $Namespace: name, $Alias: alias }] },
  ]);
  const container = {
    $Kind: 'EntityContainer',
    ...members(sets, entitySet),
    ...annotated(annotations),
  };
  const schema = {
    ...members(types, entityType),
    ...members(enums, enumType),
    ...(usesJson ? { [jsonTypeName]: { $Kind: 'ComplexType', $OpenType: true } } : {}),
    [containerName]: container,
  };
  return JSON.stringify({
    $Version: '4.01',
    $EntityContainer: `${namespace}.${containerName}`,
    $Reference: Object.fromEntries(references),
    [namespace]: schema,
  });
}

const members = <T extends { readonly name: string }>(items: readonly T[], write: (item: T) => Json): Json =>
  Object.fromEntries(items.map(item => [item.name, write(item)]));

const entityType = ({ key, properties, navigations, annotations }: EntityTypeCsdl): Json => ({
  $Kind: 'EntityType',
  $Key: key,
  ...members(properties, property),
  ...members(navigations, navigation),
  ...annotated(annotations),
});

/** Defaults are left out: the type Edm.String, and not nullable. */
const property = ({ type, many, nullable, facets, annotations }: PropertyCsdl): Json => ({
  $Type: type === 'Edm.String' ? undefined : type,
  $Collection: many || undefined,
  $Nullable: nullable || undefined,
  $MaxLength: facets.maxLength,
  $Precision: facets.precision,
  $Scale: facets.scale,
  ...annotated(annotations),
});

const navigation = ({ type, many, nullable, partner, constraints, annotations }: NavigationCsdl): Json => ({
  $Kind: 'NavigationProperty',
  $Type: type,
  $Collection: many || undefined,
  $Nullable: (nullable && !many) || undefined,
  $Partner: partner,
  $ReferentialConstraint:
    constraints.length > 0
      ? Object.fromEntries(constraints.map(pair => [pair.Property, pair.ReferencedProperty]))
      : undefined,
  ...annotated(annotations),
});

const enumType = ({ members: names, annotations }: EnumCsdl): Json => ({
  $Kind: 'EnumType',
  ...Object.fromEntries(names.map((name, index) => [name, index])),
  ...annotated(annotations),
});

const entitySet = ({ type, bindings, annotations }: SetCsdl): Json => ({
  $Collection: true,
  $Type: type,
  $NavigationPropertyBinding:
    bindings.length > 0 ? Object.fromEntries(bindings.map(({ Path, Target }) => [Path, Target])) : undefined,
  ...annotated(annotations),
});

const annotated = (annotations: readonly Annotation[]): Json =>
  Object.fromEntries(
    annotations.map(({ term, qualifier, value }) => [
      `@${withAlias(term)}${qualifier === undefined ? '' : `#${qualifier}`}`,
      toJson(value),
    ]),
  );

/** Names use the alias of their namespace (OData CSDL JSON 4.01, 14.1). */
function withAlias(term: string): string {
  const vocabulary = vocabularies.find(({ namespace: name }) => term.startsWith(`${name}.`))!;
  return `${vocabulary.alias}${term.slice(vocabulary.namespace.length)}`;
}

function toJson(value: AnnotationValue): unknown {
  if (typeof value !== 'object') return value;
  if (isCollection(value)) return value.map(toJson);
  if ('property' in value) return value.property;
  return Object.fromEntries(Object.entries(value.record).map(([name, inner]) => [name, toJson(inner)]));
}

const isCollection = (value: AnnotationValue): value is readonly AnnotationValue[] => Array.isArray(value);

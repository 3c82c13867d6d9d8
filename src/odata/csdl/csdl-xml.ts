// CSDL XML 4.0. Clients reject the whole document for one wrong attribute.

import { containerName, jsonTypeName, namespace } from '../model/edm-types.ts';
import type { VisibleModel } from '../model/visible-model.ts';
import { type Annotation, type AnnotationValue, vocabularies } from './annotations.ts';
import {
  type Csdl,
  describe,
  type EntityTypeCsdl,
  type EnumCsdl,
  type NavigationCsdl,
  type PropertyCsdl,
  type SetCsdl,
} from './csdl.ts';
import { element, escaped } from './xml.ts';

/** @returns $metadata as XML */
export function csdlXml(model: VisibleModel): string {
  const csdl = describe(model);
  const references = vocabularies.map(({ namespace: name, alias, url }) =>
    element('edmx:Reference', { Uri: `${url}.xml` }, [
      element('edmx:Include', { Namespace: name, Alias: alias }),
    ]),
  );
  const edmx = { 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx', Version: '4.0' };
  const services = element('edmx:DataServices', {}, [schema(csdl)]);
  const document = element('edmx:Edmx', edmx, [...references, services]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${document}\n`;
}

const schema = (csdl: Csdl): string =>
  element('Schema', { xmlns: 'http://docs.oasis-open.org/odata/ns/edm', Namespace: namespace }, [
    ...csdl.types.map(entityType),
    ...csdl.enums.map(enumType),
    ...(csdl.usesJson ? [element('ComplexType', { Name: jsonTypeName, OpenType: true })] : []),
    element('EntityContainer', { Name: containerName }, [
      ...csdl.sets.map(entitySet),
      ...csdl.annotations.map(annotation),
    ]),
  ]);

function entityType({ name, key, properties, navigations, annotations }: EntityTypeCsdl): string {
  const refs = key.map(part => element('PropertyRef', { Name: part }));
  return element('EntityType', { Name: name }, [
    element('Key', {}, refs),
    ...properties.map(property),
    ...navigations.map(navigation),
    ...annotations.map(annotation),
  ]);
}

function property({ name, type, many, nullable, facets, annotations }: PropertyCsdl): string {
  const { maxLength, precision, scale } = facets;
  const attributes = {
    Name: name,
    Type: many ? `Collection(${type})` : type,
    Nullable: nullable ? undefined : false,
    MaxLength: maxLength,
    Precision: precision,
    Scale: scale,
  };
  return element('Property', attributes, annotations.map(annotation));
}

function navigation(described: NavigationCsdl): string {
  const { name, type, many, nullable, partner, constraints, annotations } = described;
  const attributes = {
    Name: name,
    Type: many ? `Collection(${type})` : type,
    Nullable: nullable ? undefined : false,
    Partner: partner,
  };
  return element('NavigationProperty', attributes, [
    ...constraints.map(pair => element('ReferentialConstraint', pair)),
    ...annotations.map(annotation),
  ]);
}

const enumType = ({ name, members, annotations }: EnumCsdl): string =>
  element('EnumType', { Name: name }, [
    ...members.map((member, index) => element('Member', { Name: member, Value: index })),
    ...annotations.map(annotation),
  ]);

const entitySet = ({ name, type, bindings, annotations }: SetCsdl): string =>
  element('EntitySet', { Name: name, EntityType: type }, [
    ...bindings.map(binding => element('NavigationPropertyBinding', binding)),
    ...annotations.map(annotation),
  ]);

function annotation({ term, qualifier, value }: Annotation): string {
  const named = { Term: term, Qualifier: qualifier };
  if (typeof value === 'boolean') return element('Annotation', { ...named, Bool: value });
  if (typeof value === 'string') return element('Annotation', { ...named, String: value });
  return element('Annotation', named, [valueElement(value)]);
}

function valueElement(value: AnnotationValue): string {
  if (typeof value === 'boolean') return `<Bool>${value}</Bool>`;
  if (typeof value === 'string') return `<String>${escaped(value)}</String>`;
  if (isCollection(value)) return element('Collection', {}, value.map(valueElement));
  if ('property' in value) return `<PropertyPath>${escaped(value.property)}</PropertyPath>`;
  return element('Record', {}, Object.entries(value.record).map(propertyValue));
}

function propertyValue([name, value]: readonly [string, AnnotationValue]): string {
  if (typeof value === 'boolean') return element('PropertyValue', { Property: name, Bool: value });
  if (typeof value === 'string') return element('PropertyValue', { Property: name, String: value });
  if (!isCollection(value) && 'property' in value) {
    return element('PropertyValue', { Property: name, PropertyPath: value.property });
  }
  return element('PropertyValue', { Property: name }, [valueElement(value)]);
}

const isCollection = (value: AnnotationValue): value is readonly AnnotationValue[] => Array.isArray(value);

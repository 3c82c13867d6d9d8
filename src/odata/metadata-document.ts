// $metadata: the model as one caller may know it, in CSDL XML 4.0. Clients refuse the whole of it for one wrong attribute.

import type { EnumType, RelationField, ValueField, ValueType } from '../catalog/catalog.ts';
import { containerName, edmType, jsonTypeName, namespace, qualified } from './edm-types.ts';
import { referentialConstraints } from './referential-constraints.ts';
import { targetOf, type VisibleEntity, type VisibleModel } from './visible-model.ts';
import { element } from './xml.ts';

const core = 'Org.OData.Core.V1';
const coreUrl = 'https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml';

/** @returns the document; it names nothing that is not in the model */
export function metadataDocument(model: VisibleModel): string {
  const schema = element(
    'Schema',
    { xmlns: 'http://docs.oasis-open.org/odata/ns/edm', Namespace: namespace },
    [
      ...[...model.sets.values()].map(entity => entityType(model, entity)),
      ...enumsOf(model).map(enumType),
      ...(usesJson(model) ? [element('ComplexType', { Name: jsonTypeName, OpenType: true })] : []),
      container(model),
    ],
  );
  const reference = element('edmx:Reference', { Uri: coreUrl }, [
    element('edmx:Include', { Namespace: core, Alias: 'Core' }),
  ]);
  const edmx = { 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx', Version: '4.0' };
  const document = element('edmx:Edmx', edmx, [reference, element('edmx:DataServices', {}, [schema])]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${document}\n`;
}

function entityType(model: VisibleModel, visible: VisibleEntity): string {
  const { entity, values, relations } = visible;
  return element('EntityType', { Name: entity.name }, [
    element(
      'Key',
      {},
      entity.key.map(name => element('PropertyRef', { Name: name })),
    ),
    ...[...values.values()].map(property),
    ...[...relations.values()].map(relation => navigationProperty(model, visible, relation)),
    ...description(entity.description),
  ]);
}

function property(field: ValueField): string {
  const attributes = {
    Name: field.name,
    Type: edmType(field.type),
    Nullable: field.nullable && !field.type.list ? undefined : false,
    ...facets(field),
  };
  return element('Property', attributes, description(field.description));
}

/** Facets may stand only where the type has them (OData CSDL XML 4.0, 6.2). */
function facets(field: ValueField): Record<string, string | number | undefined> {
  const { scalar } = field.type;
  const { maxLength, precision, scale } = field as { maxLength?: number; precision?: number; scale?: number };
  if (scalar === 'String' || scalar === 'Bytes') return { MaxLength: maxLength };
  if (scalar === 'Decimal') return { Precision: precision, Scale: scale ?? 'variable' };
  if (scalar === 'DateTime' || scalar === 'Time')
    return { Precision: precision ?? defaultPrecision(field.type) };
  return {};
}

/** Digits of a second: PostgreSQL's where the model says nothing. */
const defaultPrecision = ({ scalar }: ValueType): number => (scalar === 'Time' ? 0 : 3);

function navigationProperty(model: VisibleModel, owner: VisibleEntity, relation: RelationField): string {
  const target = targetOf(model, relation);
  const type = qualified(relation.target);
  const attributes = {
    Name: relation.name,
    Type: relation.list ? `Collection(${type})` : type,
    Nullable: relation.list || relation.nullable ? undefined : false,
    Partner: relation.inverse && target.relations.has(relation.inverse) ? relation.inverse : undefined,
  };
  const constraints = referentialConstraints(owner, target, relation);
  return element('NavigationProperty', attributes, [
    ...constraints.map(pair => element('ReferentialConstraint', pair)),
    ...description(relation.description),
  ]);
}

function container(model: VisibleModel): string {
  return element(
    'EntityContainer',
    { Name: containerName },
    [...model.sets.values()].map(visible => entitySet(model, visible)),
  );
}

function entitySet(model: VisibleModel, { entity, relations }: VisibleEntity): string {
  const bindings = [...relations.values()].map(relation =>
    element('NavigationPropertyBinding', {
      Path: relation.name,
      Target: targetOf(model, relation).entity.set,
    }),
  );
  return element('EntitySet', { Name: entity.set, EntityType: qualified(entity.name) }, bindings);
}

function enumsOf(model: VisibleModel): EnumType[] {
  const fields = [...model.sets.values()].flatMap(({ values }) => [...values.values()]);
  return [...new Set(fields.flatMap(field => field.type.enum ?? []))];
}

const enumType = (type: EnumType): string =>
  element('EnumType', { Name: type.name }, [
    ...type.values.map((value, index) => element('Member', { Name: value.name, Value: index })),
    ...description(type.description),
  ]);

const usesJson = (model: VisibleModel): boolean =>
  [...model.sets.values()].some(({ values }) =>
    [...values.values()].some(field => field.type.scalar === 'Json'),
  );

const description = (text: string | undefined): string[] =>
  text ? [element('Annotation', { Term: `${core}.Description`, String: text })] : [];

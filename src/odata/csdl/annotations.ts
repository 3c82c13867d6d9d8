// The annotations in $metadata: descriptions, keys and what a set supports (the OASIS vocabularies Core, Capabilities and
// Aggregation). Clients may ignore all of them.

import type { ValueField } from '../../catalog/catalog.ts';
import { aggregateTypeOf } from '../../query/check/aggregate-type.ts';
import { edmType } from '../model/edm-types.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import { transformationNames } from '../parse/apply.ts';

export interface Annotation {
  /** With its full namespace: not all 4.0 clients support aliases. */
  readonly term: string;
  readonly qualifier?: string;
  readonly value: AnnotationValue;
}

export type AnnotationValue =
  | boolean
  | string
  | { readonly property: string }
  | readonly AnnotationValue[]
  | { readonly record: Readonly<Record<string, AnnotationValue>> };

export const vocabularies = ['Core', 'Capabilities', 'Aggregation'].map(name => ({
  namespace: `Org.OData.${name}.V1`,
  alias: name,
  url: `https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.${name}.V1`,
}));

const core = (term: string, value: AnnotationValue): Annotation => ({
  term: `Org.OData.Core.V1.${term}`,
  value,
});
const capability = (term: string, record: Readonly<Record<string, AnnotationValue>>): Annotation => ({
  term: `Org.OData.Capabilities.V1.${term}`,
  value: { record },
});

export const description = (text: string | undefined): Annotation[] =>
  text ? [core('Description', text)] : [];

export function propertyAnnotations(field: ValueField): Annotation[] {
  const isComputed = field.kind !== 'column' || field.updatedAt;
  const hasDefault = field.kind === 'column' && field.hasDefault && !isComputed;
  return [
    ...description(field.description),
    ...(isComputed ? [core('Computed', true)] : []),
    ...(hasDefault ? [core('ComputedDefaultValue', true)] : []),
  ];
}

/** Alternate keys, by which an entity can also be addressed: `products(sku='A')`. */
export function typeAnnotations({ entity, values }: VisibleEntity): Annotation[] {
  const known = entity.uniques.filter(key => key.every(name => values.has(name)));
  const keys = known.map(key => ({
    record: { Key: key.map(name => ({ record: { Name: { property: name }, Alias: name } })) },
  }));
  return [...description(entity.description), ...(keys.length > 0 ? [core('AlternateKeys', keys)] : [])];
}

/** Lists only what a set does not support. */
export function setAnnotations({ entity, values, writable }: VisibleEntity): Annotation[] {
  const fields = [...values.values()];
  // A search reads all of its fields, so the caller needs permission for each.
  const isSearched = entity.search.length > 0 && entity.search.every(name => values.has(name));
  const unfiltered = fields.filter(field => field.kind === 'function');
  const unsorted = fields.filter(
    field => field.kind === 'function' || field.type.list || field.type.scalar === 'Json',
  );
  return [
    ...(isSearched ? [] : [capability('SearchRestrictions', { Searchable: false })]),
    ...(unfiltered.length > 0
      ? [capability('FilterRestrictions', { NonFilterableProperties: unfiltered.map(toPath) })]
      : []),
    ...(unsorted.length > 0
      ? [capability('SortRestrictions', { NonSortableProperties: unsorted.map(toPath) })]
      : []),
    ...(writable ? [] : readOnly),
    ...fields.flatMap(customAggregate),
  ];
}

const toPath = ({ name }: ValueField): AnnotationValue => ({ property: name });

const readOnly = [
  capability('InsertRestrictions', { Insertable: false }),
  capability('UpdateRestrictions', { Updatable: false }),
  capability('DeleteRestrictions', { Deletable: false }),
];

/** SAPUI5 tables use these for sums: `aggregate(stock)`. */
function customAggregate(field: ValueField): Annotation[] {
  const sum = field.kind === 'function' ? undefined : aggregateTypeOf('sum', field.type);
  if (!sum) return [];
  return [{ term: 'Org.OData.Aggregation.V1.CustomAggregate', qualifier: field.name, value: edmType(sum) }];
}

export const containerAnnotations: readonly Annotation[] = [
  core('ODataVersions', '4.0 4.01'),
  { term: 'Org.OData.Capabilities.V1.BatchSupported', value: true },
  capability('BatchSupport', {
    Supported: true,
    ContinueOnErrorSupported: true,
    ReferencesInRequestBodiesSupported: true,
    ReferencesAcrossChangeSetsSupported: true,
    EtagReferencesSupported: true,
    SupportedFormats: ['multipart/mixed', 'application/json'],
  }),
  capability('ChangeTracking', { Supported: true }),
  {
    term: 'Org.OData.Aggregation.V1.ApplySupportedDefaults',
    value: {
      record: { Transformations: [...transformationNames] },
    },
  },
];

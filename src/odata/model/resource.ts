// Resolves resource paths against the model of the caller: what a URL addresses.

import { type Fault, fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { RelationField, ValueField } from '../../catalog/catalog.ts';
import type { ODataExpression } from '../parse/odata-expression.ts';
import type { PathSegment } from '../parse/path.ts';
import { notServed } from '../url/syntax.ts';
import { type KeyField, keyFields } from './key-fields.ts';
import { scopeMissing } from './scope-missing.ts';
import { targetOf, type VisibleEntity, type VisibleModel } from './visible-model.ts';

export type Resource = { readonly kind: 'service' | 'metadata' } | DataResource;

export interface DataResource {
  readonly kind: 'data';
  /** From the set to the requested entities. */
  readonly steps: readonly Step[];
  /** Whether a collection is addressed, or one entity. */
  readonly many: boolean;
  /** What is requested: the entities, their count, one field, or its raw value. */
  readonly of: 'entities' | 'count' | 'property' | 'value';
  readonly property?: ValueField;
  /** Whether only references to the entities are requested: `/$ref`. */
  readonly asReferences?: boolean;
}

/** A set, or the target of a relation, narrowed by a key. */
export interface Step {
  readonly entity: VisibleEntity;
  /** The relation from the previous step to this one; absent in the first. */
  readonly relation?: RelationField;
  readonly key?: readonly KeyField[];
  /** Conditions in the path: `products/$filter(stock gt 0)`. */
  readonly filters?: readonly ODataExpression[];
}

/** @throws NOT_FOUND for unknown segments, INVALID_OPERATION for segments that do not fit, NOT_IMPLEMENTED */
export function resolveResource(model: VisibleModel, segments: readonly PathSegment[]): Resource {
  const [first, ...rest] = segments;
  if (!first) return { kind: 'service' };
  if (first.name === '$metadata' && rest.length === 0) return { kind: 'metadata' };
  if (first.foreign) throw foreign(first, first.foreign);
  if (first.name.startsWith('$')) throw notServed(first.name, first.part.at);
  return follow(model, rest, firstStep(model, first));
}

function firstStep(model: VisibleModel, segment: PathSegment): DataResource {
  const entity = model.sets.get(segment.name);
  const hidden = model.catalog.sets.get(segment.name);
  if (!entity && hidden) throw scopeMissing(model, hidden, undefined, segment.part.at);
  if (!entity) {
    throw fault('NOT_FOUND', `There is no entity set "${segment.name}".`, {
      hint: didYouMean(segment.name, model.sets.keys()) ?? 'GET /odata/ lists the entity sets.',
      target: segment.name,
      at: segment.part.at,
    });
  }
  return { kind: 'data', steps: [toStep(entity, segment)], many: !segment.key, of: 'entities' };
}

function follow(model: VisibleModel, segments: readonly PathSegment[], start: DataResource): DataResource {
  let resource = start;
  for (const segment of segments) resource = next(model, resource, segment);
  return resource;
}

function next(model: VisibleModel, resource: DataResource, segment: PathSegment): DataResource {
  if (segment.name.startsWith('@')) throw notServed('annotations in a path', segment.part.at);
  const mayContinue = resource.of === 'property' && (segment.name === '$value' || segment.name === '$count');
  if (resource.of !== 'entities' && !mayContinue) throw noSuchSegment(segment);
  if (segment.foreign) throw foreign(segment, segment.foreign);
  if (segment.filter) return filtered(resource, segment, segment.filter);
  if (segment.name === '$count') return countOf(resource, segment);
  if (segment.name === '$value') return rawOf(resource, segment);
  if (segment.name.startsWith('$')) throw notServed(`${segment.name} in a path`, segment.part.at);
  return member(model, resource, segment);
}

const foreign = ({ part }: PathSegment, [what, hint]: NonNullable<PathSegment['foreign']>): Fault =>
  notServed(what, part.at, hint);

/** OData 4.01 Part 2, 4.12 */
function filtered(resource: DataResource, segment: PathSegment, filter: ODataExpression): DataResource {
  if (!resource.many) throw noSuchSegment(segment, '/$filter needs a collection.');
  const last = resource.steps.at(-1)!;
  const step = { ...last, filters: [...(last.filters ?? []), filter] };
  return { ...resource, steps: [...resource.steps.slice(0, -1), step] };
}

function countOf(resource: DataResource, segment: PathSegment): DataResource {
  if (!resource.many && !resource.property?.type.list) {
    throw noSuchSegment(segment, '/$count needs a collection.');
  }
  return { ...resource, of: 'count' };
}

function rawOf(resource: DataResource, segment: PathSegment): DataResource {
  const { property } = resource;
  if (!property) throw notServed('media streams', segment.part.at);
  if (property.type.list) throw noSuchSegment(segment, '/$value needs a single value.');
  return { ...resource, of: 'value' };
}

function member(model: VisibleModel, resource: DataResource, segment: PathSegment): DataResource {
  const { entity, values, relations } = resource.steps.at(-1)!.entity;
  if (resource.many)
    throw notServed(
      'paths through a collection',
      segment.part.at,
      `Select one entity by its key: ${entity.set}(...).`,
    );
  const property = values.get(segment.name);
  if (property && segment.key)
    throw noSuchSegment(segment, `"${property.name}" is a field and takes no key.`);
  if (property) return { ...resource, of: 'property', property };
  const relation = relations.get(segment.name);
  if (relation) return navigate(resource, relation, targetOf(model, relation), segment);
  const hidden = entity.fields.get(segment.name);
  if (hidden) throw scopeMissing(model, entity, hidden, segment.part.at);
  throw fault('NOT_FOUND', `${entity.set} has no field "${segment.name}".`, {
    hint: didYouMean(segment.name, [...values.keys(), ...relations.keys()]),
    target: segment.name,
    at: segment.part.at,
  });
}

function navigate(
  resource: DataResource,
  relation: RelationField,
  target: VisibleEntity,
  segment: PathSegment,
): DataResource {
  if (!relation.list && segment.key)
    throw noSuchSegment(segment, `"${relation.name}" is a single entity and takes no key.`);
  const step = { ...toStep(target, segment), relation };
  return { ...resource, steps: [...resource.steps, step], many: relation.list && !segment.key };
}

const toStep = (entity: VisibleEntity, { key }: PathSegment): Step => ({
  entity,
  key: key && keyFields(entity.entity, key, field => entity.values.has(field)),
});

const noSuchSegment = (segment: PathSegment, hint?: string): Fault =>
  fault('NOT_FOUND', `"/${segment.name}" does not exist at this place in the path.`, {
    hint,
    target: segment.name,
    at: segment.part.at,
  });

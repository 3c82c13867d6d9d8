// References to entities in bodies and `$id`: absolute, relative to the host, or relative to the service root.

import { Fault, fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ChangeKey } from '../../query/ask/entity-change.ts';
import { type Literal, literal } from '../../query/ask/expression.ts';
import { changeFault } from '../../query/change/refusal/fault.ts';
import type { KeyField } from '../model/key-fields.ts';
import { resolveResource } from '../model/resource.ts';
import { parsePath } from '../parse/path.ts';
import { toLiteral } from '../translate/to-literal.ts';
import { toTarget } from '../url/part-target.ts';
import { belowRoot } from '../url/service-root.ts';
import { parseUrl } from '../url/url.ts';
import type { WriteRequest } from './write-request.ts';

/** @param path the place of the reference @returns the key of an entity of the relation's target @throws INVALID_VALUE */
export const toReference = (
  write: WriteRequest,
  reference: unknown,
  target: Entity,
  path: string,
): ChangeKey => toChangeKey(write, referenceKey(write, reference, target, path), path);

/** @returns like `toReference`, as key fields of a path */
export function referenceKey(
  write: WriteRequest,
  reference: unknown,
  target: Entity,
  path: string,
): readonly KeyField[] {
  const refuse = (message: string) => changeFault([{ path, code: 'INVALID_VALUE', message, hint }]);
  const hint = `Write "${target.set}(…)" or an absolute URL.`;
  if (typeof reference !== 'string') throw refuse('A reference must be the URL of an entity, as a string.');
  const step = stepOf(write, reference, message => refuse(message));
  if (step.entity.entity !== target)
    throw refuse(`The reference is to ${step.entity.entity.set}, not to ${target.set}.`);
  return step.key;
}

function stepOf(
  { model, service, request, scope }: Pick<WriteRequest, 'model' | 'service' | 'request' | 'scope'>,
  reference: string,
  refuse: (message: string) => Error,
) {
  try {
    const place = toTarget(reference, {
      publicUrl: service.config.publicUrl,
      host: request.header('host'),
      referenced: id => scope.referenced?.(id),
    });
    // Looking up a bound entity counts as reading it.
    const known = { ...model, access: 'read' } as const;
    const resource = resolveResource(known, parsePath(parseUrl(belowRoot(place), '').segments));
    if (resource.kind !== 'data' || resource.of !== 'entities')
      throw refuse('The reference is not the URL of an entity.');
    const { entity, key } = resource.steps.at(-1)!;
    if (!key) throw refuse('The reference must name a single entity by its key.');
    return { entity, key };
  } catch (error) {
    // The place in the body helps more than the offset within the reference.
    if (!(error instanceof Fault) || error.details) throw error;
    throw error.code === 'SCOPE_MISSING'
      ? new Fault(error.code, error.message, { ...error, at: undefined })
      : refuse(error.message);
  }
}

/** @returns the key of a path, for the query engine @throws INVALID_VALUE, NOT_IMPLEMENTED */
export const toChangeKey = (
  write: Pick<WriteRequest, 'model' | 'options'>,
  key: readonly KeyField[],
  path: string,
): ChangeKey => ({
  path,
  values: key.map(field => ({ field: field.field, literal: keyLiteral(write, field) })),
});

function keyLiteral(
  { model, options }: Pick<WriteRequest, 'model' | 'options'>,
  { value }: KeyField,
): Literal {
  const node = value.kind === 'alias' ? options.alias(value.name) : value;
  if (node?.kind === 'literal') return { ...toLiteral(node, model.catalog), at: undefined };
  if (value.kind === 'alias' && node === undefined)
    throw fault('INVALID_VALUE', `The alias ${value.name} has no value.`, { at: value.at });
  return literal(null);
}

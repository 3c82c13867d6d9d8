// References to entities, as bodies and `$id` hold them: absolute, from the root of the host, or from that of the service.

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

/** @param path where the reference stands @returns the key of an entity of the relation's target @throws INVALID_VALUE */
export const toReference = (
  write: WriteRequest,
  reference: unknown,
  target: Entity,
  path: string,
): ChangeKey => toChangeKey(write, referenceKey(write, reference, target, path), path);

/** @returns as `toReference`, as a path says it */
export function referenceKey(
  write: WriteRequest,
  reference: unknown,
  target: Entity,
  path: string,
): readonly KeyField[] {
  const refuse = (message: string) => changeFault([{ path, code: 'INVALID_VALUE', message, hint }]);
  const hint = `Write such as "${target.set}(…)", or the whole address.`;
  if (typeof reference !== 'string') throw refuse('A reference is the address of an entity, as text.');
  const step = stepOf(write, reference, message => refuse(message));
  if (step.entity.entity !== target)
    throw refuse(`This leads to ${step.entity.entity.set}, not to ${target.set}.`);
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
    // To find what is bound is to read it.
    const known = { ...model, access: 'read' } as const;
    const resource = resolveResource(known, parsePath(parseUrl(belowRoot(place), '').segments));
    if (resource.kind !== 'data' || resource.of !== 'entities')
      throw refuse('This is no address of an entity.');
    const { entity, key } = resource.steps.at(-1)!;
    if (!key) throw refuse('This names no single entity by its key.');
    return { entity, key };
  } catch (error) {
    // Where it stands in the body is worth more than where it is wrong.
    if (!(error instanceof Fault) || error.details) throw error;
    throw error.code === 'SCOPE_MISSING'
      ? new Fault(error.code, error.message, { ...error, at: undefined })
      : refuse(error.message);
  }
}

/** @returns the key of a path as the waist takes it @throws INVALID_VALUE, NOT_IMPLEMENTED */
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

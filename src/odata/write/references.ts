// Links between entities that exist: POST, PUT and DELETE of `…/$ref` (OData 4.01 Part 1, 11.4.6).

import { fault } from '../../base/errors.ts';
import type { RelationField } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ChangeKey, ChangeLink } from '../../query/ask/entity-change.ts';
import type { Step } from '../model/resource.ts';
import { findKey } from './find-key.ts';
import { readPrecondition } from './precondition.ts';
import { isRecord, toJsonObject } from './read-body.ts';
import { referenceKey, toReference } from './reference.ts';
import { addressPath, bodyPath } from './write-fault.ts';
import { change, type WriteRequest } from './write-request.ts';

/** POST adds a reference to a list relation; PUT sets a single relation. */
export const addReference = (write: WriteRequest): Promise<Answer> =>
  link(write, () => {
    const body = toJsonObject(write.body, write.request);
    return { connect: [toReference(write, idOf(body), targetOf(write), `${bodyPath}.@odata.id`)] };
  });

/** PUT replaces all references of a list relation (4.01). */
export const setReferences = (write: WriteRequest): Promise<Answer> =>
  link(write, () => ({ set: readReferences(write) }));

function readReferences(write: WriteRequest): ChangeKey[] {
  const { value } = toJsonObject(write.body, write.request);
  if (!Array.isArray(value) || !value.every(isRecord))
    throw fault('INVALID_VALUE', 'The body must list all references: {"value":[{"@id":"products(1)"}]}.', {
      target: 'value',
    });
  return value.map((item, index) =>
    toReference(write, idOf(item), targetOf(write), `${bodyPath}.value[${index}]`),
  );
}

/** DELETE of `products(1)/category/$ref`. */
export const clearReference = (write: WriteRequest): Promise<Answer> =>
  link(write, () => ({ disconnect: true }));

/** DELETE of `categories(1)/products/$ref?$id=…`. */
export function dropReference(write: WriteRequest): Promise<Answer> {
  if (write.id === undefined)
    throw fault('INVALID_OPERATION', 'The request does not say which reference to remove.', {
      hint: 'Name it with $id, or in the path: categories(1)/products(2)/$ref.',
      target: '$id',
    });
  const { steps } = write.resource;
  const [last] = steps.slice(-1) as [Step];
  const key = referenceKey(write, write.id, last.entity.entity, '$id');
  return dropLinked(write, [...steps.slice(0, -1), { ...last, key }]);
}

/** DELETE of `categories(1)/products(2)/$ref` (4.01). */
export const dropMember = (write: WriteRequest): Promise<Answer> => dropLinked(write, write.resource.steps);

/** @throws NOT_FOUND when there is no such link */
async function dropLinked(write: WriteRequest, steps: readonly Step[]): Promise<Answer> {
  const member = await findKey(write, steps, addressPath);
  return link(write, () => ({ disconnect: [member] }));
}

const idOf = (body: Readonly<Record<string, unknown>>): unknown => {
  const id = body['@odata.id'] ?? body['@id'];
  if (id !== undefined) return id;
  throw fault('INVALID_VALUE', 'The body must contain a reference: {"@odata.id":"products(1)"}.', {
    target: '@odata.id',
  });
};

/** @param readLink reads the change of the relation from the body; called once the preconditions are met */
async function link(
  write: WriteRequest,
  readLink: () => Pick<ChangeLink, 'connect' | 'disconnect' | 'set'>,
): Promise<Answer> {
  const { steps } = write.resource;
  const holder = steps.slice(0, -1);
  const { entity } = holder.at(-1)!.entity;
  const { ifVersion } = await readPrecondition(write, holder);
  const linkChange = readLink();
  const key = await findKey(write, holder);
  const relation = relationOf(write).name;
  await change(write, {
    change: {
      kind: 'update',
      entity: entity.name,
      target: { kind: 'key', key },
      data: {
        path: bodyPath,
        values: [],
        links: [{ relation, path: `${bodyPath}.${relation}`, ...linkChange }],
      },
      ifVersion,
    },
  });
  return { status: 204 };
}

const relationOf = ({ resource }: WriteRequest): RelationField => resource.steps.at(-1)!.relation!;

const targetOf = ({ resource }: WriteRequest) => resource.steps.at(-1)!.entity.entity;

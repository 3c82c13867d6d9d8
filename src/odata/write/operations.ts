// The supported methods of each kind of resource, and their handlers.

import { fault } from '../../base/errors.ts';
import type { Answer } from '../../http/message/message.ts';
import type { DataResource, Resource } from '../model/resource.ts';
import { createEntity } from './create.ts';
import { deleteProperty, putProperty, putValue } from './property.ts';
import { addReference, clearReference, dropMember, dropReference, setReferences } from './references.ts';
import { deleteEntity, patchEntity, putEntity } from './update.ts';
import type { WriteRequest } from './write-request.ts';

export type Operation = (write: WriteRequest) => Promise<Answer>;

const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  collection: { POST: createEntity },
  entity: { PATCH: patchEntity, PUT: putEntity, DELETE: deleteEntity },
  property: { PATCH: putProperty, PUT: putProperty, DELETE: deleteProperty },
  value: { PUT: putValue, DELETE: deleteProperty },
  references: { POST: addReference, PUT: setReferences, DELETE: dropReference },
  reference: { PUT: addReference, DELETE: clearReference },
  member: { DELETE: dropMember },
  other: {},
};

/** @param isReference whether the path ends in `/$ref` @throws METHOD_NOT_ALLOWED */
export function operationOf(method: string, resource: Resource, isReference: boolean): Operation {
  const known = operations[resource.kind === 'data' ? kindOf(resource, isReference) : 'other']!;
  const operation = known[method];
  if (operation) return operation;
  const allowed = ['GET', 'HEAD', ...Object.keys(known)];
  throw fault('METHOD_NOT_ALLOWED', `${method} is not supported for this URL.`, {
    hint: `Use ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  });
}

function kindOf({ of, many, steps, property }: DataResource, isReference: boolean): keyof typeof operations {
  const last = steps.at(-1)!;
  if (steps.some(step => step.filters)) return 'other';
  if (isReference) {
    if (!last.relation) return 'other';
    return many ? 'references' : last.key ? 'member' : 'reference';
  }
  if (of === 'entities') return many ? 'collection' : 'entity';
  if (property && property.kind !== 'column') return 'other';
  return of === 'count' ? 'other' : of;
}

// If-Match and If-None-Match of requests that change an entity (OData 4.01 Part 1, 11.4.1.1, 11.4.4; RFC 9110, 13.2.2).

import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { opaqueOf, readTags } from '../answer/entity-tag.ts';
import type { Step } from '../model/resource.ts';
import { readRow } from './find-key.ts';
import type { WriteRequest } from './write-request.ts';

export interface Precondition {
  /** The version that the row must have. */
  readonly ifVersion?: string;
  /** `If-Match`: the entity must exist. */
  readonly mustExist: boolean;
  /** `If-None-Match: *`: the entity must not exist. */
  readonly mustNotExist: boolean;
}

/** @throws PRECONDITION_FAILED as far as it can be checked in advance, INVALID_VALUE */
export async function readPrecondition(write: WriteRequest, steps: readonly Step[]): Promise<Precondition> {
  const match = readTags(write.request, 'if-match');
  const none = readTags(write.request, 'if-none-match');
  if (none !== undefined && none !== '*') {
    const present = await currentVersion(write, steps);
    if (present !== undefined && none.includes(present))
      throw unmet('The entity still has this entity tag.', 'if-none-match');
  }
  if (none === '*') await refuseExisting(write, steps);
  const rules = { mustExist: match !== undefined, mustNotExist: none === '*' };
  if (match === undefined || match === '*') return rules;
  if (match.length === 1) return { ...rules, ifVersion: match[0]! };
  const present = await currentVersion(write, steps);
  // The change itself checks the tag that matched, in case the entity changes in between.
  return { ...rules, ifVersion: match.find(one => one === present) ?? match[0]! };
}

/** For callers who may write but not read, the change itself reports the conflict. */
async function refuseExisting(write: WriteRequest, steps: readonly Step[]): Promise<void> {
  const { entity } = steps.at(-1)!.entity;
  if (steps.some(step => !write.readable.sets.has(step.entity.entity.set))) return;
  if ((await currentVersion(write, steps)) !== undefined) throw existsAlready(entity);
}

/** @returns PRECONDITION_FAILED */
export const existsAlready = ({ single }: Entity) => unmet(`The ${single} already exists.`, 'if-none-match');

async function currentVersion(write: WriteRequest, steps: readonly Step[]): Promise<string | undefined> {
  const row = await readRow(write, steps, []);
  return row && opaqueOf(String(row['@']));
}

/** @returns PRECONDITION_FAILED */
export const unmet = (message: string, target: 'if-match' | 'if-none-match') =>
  fault('PRECONDITION_FAILED', message, { target });

// If-Match and If-None-Match of what changes an entity (OData 4.01 Part 1, 11.4.1.1, 11.4.4; RFC 9110, 13.2.2).

import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { opaqueOf, readTags } from '../answer/entity-tag.ts';
import type { Step } from '../model/resource.ts';
import { readRow } from './find-key.ts';
import type { WriteRequest } from './write-request.ts';

export interface Precondition {
  /** The version that the row must have. */
  readonly ifVersion?: string;
  /** `If-Match`: only what exists may be changed. */
  readonly mustExist: boolean;
  /** `If-None-Match: *`: only what does not exist may be made. */
  readonly mustNotExist: boolean;
}

/** @throws PRECONDITION_FAILED as far as it can be told beforehand, INVALID_VALUE */
export async function readPrecondition(write: WriteRequest, steps: readonly Step[]): Promise<Precondition> {
  const match = readTags(write.request, 'if-match');
  const none = readTags(write.request, 'if-none-match');
  if (none !== undefined && none !== '*') {
    const present = await presentVersion(write, steps);
    if (present !== undefined && none.includes(present))
      throw unmet('It still has this entity tag.', 'if-none-match');
  }
  if (none === '*') await refuseExisting(write, steps);
  const rules = { mustExist: match !== undefined, mustNotExist: none === '*' };
  if (match === undefined || match === '*') return rules;
  if (match.length === 1) return { ...rules, ifVersion: match[0]! };
  const present = await presentVersion(write, steps);
  // Whatever happens in between, the change itself is held to the one that was met.
  return { ...rules, ifVersion: match.find(one => one === present) ?? match[0]! };
}

/** Whoever may write without reading is told by the change itself. */
async function refuseExisting(write: WriteRequest, steps: readonly Step[]): Promise<void> {
  const { entity } = steps.at(-1)!.entity;
  if (steps.some(step => !write.readable.sets.has(step.entity.entity.set))) return;
  if ((await presentVersion(write, steps)) !== undefined) throw existsAlready(entity);
}

/** @returns PRECONDITION_FAILED */
export const existsAlready = ({ single }: Entity) => unmet(`This ${single} exists.`, 'if-none-match');

async function presentVersion(write: WriteRequest, steps: readonly Step[]): Promise<string | undefined> {
  const row = await readRow(write, steps, []);
  return row && opaqueOf(String(row['@']));
}

/** @returns PRECONDITION_FAILED */
export const unmet = (message: string, target: 'if-match' | 'if-none-match') =>
  fault('PRECONDITION_FAILED', message, { target });

// Rules for the names and versions of mappers.

import { fault } from '../../base/errors.ts';
import type { MapperCaller } from './caller.ts';
import type { StoredMapper } from './stored-mapper.ts';

/** Paths of the REST API. */
export const reservedNames: readonly string[] = ['guess', 'schema'];

export const isOwner = ({ ownerId }: StoredMapper, { principal }: MapperCaller): boolean =>
  ownerId !== null && ownerId === principal.userId;

export const nameTaken = (name: string) =>
  fault('CONFLICT', `The name "${name}" is taken.`, { target: 'name', hint: 'Choose another name.' });

export const versionChanged = () =>
  fault('PRECONDITION_FAILED', 'The mapper was changed or deleted since you read it.', {
    target: 'if-match',
    hint: 'Read it again, and save your changes to its current version.',
  });

/** @throws PRECONDITION_FAILED for anything that is not a version of a mapper */
export function readVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw versionChanged();
}

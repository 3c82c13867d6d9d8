// The token of a delta link: a position in the change log, sealed and bound to one list and to the caller's scopes.

import { createHash } from 'node:crypto';
import { Fault, fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import type { Cursors } from '../../query/cursor/cursor.ts';

/** A list whose changes are tracked. */
export interface Tracked {
  /** Identifies the list. Pages and order are left out, since they do not affect what is in it. */
  readonly tag: string;
  readonly scopeTag: string;
}

export function trackedOf({ entity, where, search, select }: EntityQuery, { scopeKey }: Principal): Tracked {
  const fields = select.flatMap(selection => (selection.kind === 'field' ? [selection.field] : []));
  const list = JSON.stringify([entity, where, search, fields], withoutPositions);
  return { tag: `delta ${hashOf(list)}`, scopeTag: hashOf(scopeKey) };
}

export const sealPosition = (cursors: Cursors, { tag, scopeTag }: Tracked, position: bigint): string =>
  cursors.seal(tag, { keys: [String(position), scopeTag] });

/** @throws GONE for every token that cannot be used: the client has to read the list again */
export function openPosition(cursors: Cursors, { tag, scopeTag }: Tracked, token: string): bigint {
  const [position, scopes] = keysOf(cursors, tag, token);
  if (scopes !== scopeTag)
    throw gone('The permissions of this credential have changed since the delta link was issued.');
  return BigInt(position!);
}

export const gone = (message: string, cause?: unknown): Fault =>
  fault('GONE', message, { hint: 'Read the list again without $deltatoken.', target: '$deltatoken', cause });

function keysOf(cursors: Cursors, tag: string, token: string): readonly (string | null)[] {
  try {
    return cursors.open(tag, token).keys;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw gone('This delta link is not valid for this list.', error);
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

function withoutPositions(name: string, value: unknown): unknown {
  if (name === 'at' || name === 'slot') return undefined;
  return typeof value === 'bigint' ? String(value) : value;
}

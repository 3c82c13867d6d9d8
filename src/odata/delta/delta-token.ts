// What a delta link carries: how far its reader knows the change log, sealed, for one list and for what the reader may see.

import { createHash } from 'node:crypto';
import { Fault, fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import type { Cursors } from '../../query/cursor/cursor.ts';

/** A list whose changes are followed. */
export interface Tracked {
  /** Tells it from other lists: pages and order are left out, since they change nothing about what is in it. */
  readonly tag: string;
  readonly scopeTag: string;
}

export function trackedOf({ entity, where, search, select }: EntityQuery, { scopeKey }: Principal): Tracked {
  const fields = select.flatMap(selection => (selection.kind === 'field' ? [selection.field] : []));
  const list = JSON.stringify([entity, where, search, fields], withoutPlaces);
  return { tag: `delta ${hashOf(list)}`, scopeTag: hashOf(scopeKey) };
}

export const sealPosition = (cursors: Cursors, { tag, scopeTag }: Tracked, position: bigint): string =>
  cursors.seal(tag, { keys: [String(position), scopeTag] });

/** @throws GONE for every token that cannot be followed: its reader has to begin anew */
export function openPosition(cursors: Cursors, { tag, scopeTag }: Tracked, token: string): bigint {
  const [position, scopes] = keysOf(cursors, tag, token);
  if (scopes !== scopeTag) throw gone('What this credential may read has changed since.');
  return BigInt(position!);
}

export const gone = (message: string, cause?: unknown): Fault =>
  fault('GONE', message, { hint: 'Read the list anew, without $deltatoken.', target: '$deltatoken', cause });

function keysOf(cursors: Cursors, tag: string, token: string): readonly (string | null)[] {
  try {
    return cursors.open(tag, token).keys;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw gone('This delta link is not one of this list, or no longer.', error);
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

function withoutPlaces(name: string, value: unknown): unknown {
  if (name === 'at' || name === 'slot') return undefined;
  return typeof value === 'bigint' ? String(value) : value;
}

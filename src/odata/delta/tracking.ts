// Change tracking of lists (OData 4.01 Part 1, 8.2.8.8 and 11.3).

import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { finalPosition } from '../../changes/final-position.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import type { ReadQuery } from '../../query/engine.ts';
import type { DataResource } from '../model/resource.ts';
import type { Service } from '../model/service.ts';
import type { QueryOptions } from '../parse/options.ts';
import { preference } from '../url/preferences.ts';
import { gone, openPosition, sealPosition, type Tracked, trackedOf } from './delta-token.ts';
import { isTrackable } from './trackable.ts';

export interface Tracking {
  readonly entity: Entity;
  readonly query: EntityQuery;
  readonly tracked: Tracked;
  /** From a next link or a delta link. */
  readonly token?: string;
}

export interface TrackedRequest {
  readonly request: Incoming;
  readonly principal: Principal;
  readonly resource: DataResource;
  readonly options: QueryOptions;
  readonly query: ReadQuery;
}

/**
 * @returns undefined when tracking is not requested or not possible: then the last page has no delta link
 * @throws GONE for the token of a list that cannot be tracked
 */
export function trackingOf({
  request,
  principal,
  resource,
  options,
  query,
}: TrackedRequest): Tracking | undefined {
  const token = options.deltatoken?.text;
  const isRequested = options.skiptoken === undefined && preference(request, 'track-changes') !== undefined;
  if (token === undefined && !isRequested) return undefined;
  const { entity } = resource.steps.at(-1)!.entity;
  const isList = resource.of === 'entities' && resource.many && !resource.asReferences;
  if (isList && !('kind' in query) && isTrackable(entity, query)) {
    return { entity, query, tracked: trackedOf(query, principal), token };
  }
  if (token === undefined) return undefined;
  throw gone('The changes of this list cannot be tracked.');
}

/**
 * Call it before reading the first page: a change made meanwhile may be reported twice, but none is lost.
 * @returns the token for the changes that follow; undefined while a transaction is open whose changes could get lost
 * @throws GONE
 */
export async function startOf(
  { engine, database }: Service,
  { entity, tracked, token }: Tracking,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { cursors } = engine;
  if (token !== undefined) return sealPosition(cursors, tracked, openPosition(cursors, tracked, token));
  const position = await finalPosition(database, [entity], signal);
  return position === undefined ? undefined : sealPosition(cursors, tracked, position);
}

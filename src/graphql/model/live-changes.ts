import type { GraphQLResolveInfo } from 'graphql';
import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ListChanges } from '../../changes/list-changes.ts';
import type { ShownChange } from '../../changes/show-change.ts';
import type { Watch } from '../../changes/watch.ts';

/** The subscriber. */
export interface Watching {
  readonly principal: Principal;
  readonly authenticate: () => Promise<Principal>;
}

/** Resolves the fields of the change log. */
export interface LiveChanges {
  /** @throws SCOPE_MISSING, UNKNOWN_ENTITY, INVALID_VALUE, LIMIT_EXCEEDED */
  list(args: ListChanges, principal: Principal, signal: AbortSignal): Promise<ShownChange[]>;
  /** @throws SCOPE_MISSING, TOO_MANY_REQUESTS, and what `Engine.prepare` throws */
  watch(entity: Entity, watching: Watching, info: GraphQLResolveInfo): Promise<Watch>;
}

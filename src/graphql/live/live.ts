// Resolves the fields of the change log.

import type { GraphQLResolveInfo } from 'graphql';
import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ChangeFeed } from '../../changes/feed.ts';
import { type ListChanges, listChanges } from '../../changes/list-changes.ts';
import { mayReadChanges, type ShownChange } from '../../changes/show-change.ts';
import { Watch } from '../../changes/watch.ts';
import type { Engine } from '../../query/engine.ts';
import { permittedOf } from '../../query/permitted/permitted-catalog.ts';
import type { LiveChanges, Watching } from '../model/live-changes.ts';
import { toWatchRequest } from './to-watch-request.ts';

/** Maximum number of subscriptions per principal and instance. */
const watchesMax = 100;

export class Live implements LiveChanges {
  readonly #engine: Engine;
  readonly #feed: ChangeFeed;
  readonly #watches = new Map<string, number>();

  constructor(engine: Engine, feed: ChangeFeed) {
    this.#engine = engine;
    this.#feed = feed;
  }

  list(args: ListChanges, principal: Principal, signal: AbortSignal): Promise<ShownChange[]> {
    return listChanges(this.#feed.database, this.#engine.permitted(principal), args, signal);
  }

  async watch(entity: Entity, watching: Watching, info: GraphQLResolveInfo): Promise<Watch> {
    const { catalog } = this.#engine;
    const { principal } = watching;
    if (!mayReadChanges(permittedOf(this.#engine.permitted(principal), entity))) throw mayNotWatch(entity);
    const request = toWatchRequest(catalog, entity, watching, info);
    const { id } = principal;
    const count = this.#watches.get(id) ?? 0;
    if (count >= watchesMax) throw tooMany();
    this.#watches.set(id, count + 1);
    try {
      return await Watch.open(this.#engine, this.#feed, request, () => this.#letGo(id));
    } catch (error) {
      this.#letGo(id);
      throw error;
    }
  }

  #letGo(id: string): void {
    const left = this.#watches.get(id)! - 1;
    if (left > 0) this.#watches.set(id, left);
    else this.#watches.delete(id);
  }
}

const mayNotWatch = ({ set }: Entity) =>
  fault('SCOPE_MISSING', `Reading the changes of ${set} needs the scope "${set}:read".`, {
    target: `${set}:read`,
    hint: 'Use a credential with this scope.',
  });

const tooMany = () =>
  fault('TOO_MANY_REQUESTS', `This credential has ${watchesMax} subscriptions open already.`, {
    hint: 'Close some of them first.',
    headers: { 'retry-after': '5' },
  });

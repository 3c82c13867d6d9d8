// The types of events: `products.created`. A webhook names them, or all of a set (`products.*`), or all (`*`).

import { type Fault, fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import type { ChangeKind } from '../../changes/stored-change.ts';

const verbs: Readonly<Record<ChangeKind, string>> = {
  insert: 'created',
  update: 'updated',
  delete: 'deleted',
};

/** What `POST /api/webhooks/<id>/ping` sends. */
export const pingType = 'ping';

export const eventType = ({ set }: Pick<Entity, 'set'>, kind: ChangeKind): string => `${set}.${verbs[kind]}`;

/** Whether a webhook with these events gets events of this type. */
export const isSubscribed = (events: readonly string[], type: string): boolean =>
  events.some(event => event === '*' || event === type || event === `${type.split('.')[0]}.*`);

/** Whether it gets any event of an entity. */
export const isSubscribedTo = (events: readonly string[], { set }: Pick<Entity, 'set'>): boolean =>
  events.some(event => event === '*' || event.startsWith(`${set}.`));

/** @returns the events without duplicates @throws INVALID_VALUE for no event and for an unknown one */
export function checkEvents(events: readonly string[], catalog: Pick<Catalog, 'sets'>): string[] {
  if (events.length === 0) throw invalid('At least one event is required.', exampleOf(catalog));
  for (const event of events) {
    if (event === '*') continue;
    const [set = '', verb = '', ...rest] = event.split('.');
    if (!catalog.sets.has(set)) throw unknown(event, didYouMean(set, [...catalog.sets.keys()]));
    const known = ['*', ...Object.values(verbs)];
    if (rest.length > 0 || !known.includes(verb))
      throw unknown(
        event,
        didYouMean(verb, known) ??
          `The events of ${set} are ${known.map(one => `${set}.${one}`).join(', ')}.`,
      );
  }
  return [...new Set(events)];
}

/** @returns the sets that the events are about; all sets for `*` */
export const setsOf = (events: readonly string[], { sets }: Pick<Catalog, 'sets'>): Entity[] =>
  [...sets.values()].filter(entity => isSubscribedTo(events, entity));

const exampleOf = ({ sets }: Pick<Catalog, 'sets'>): string =>
  `Such as "${[...sets.keys()][0] ?? 'products'}.created", or "*" for all.`;

const unknown = (event: string, hint: string | undefined): Fault =>
  invalid(`There is no event "${event.slice(0, 100)}".`, hint);

const invalid = (message: string, hint: string | undefined): Fault =>
  fault('INVALID_VALUE', message, { target: 'events', hint });

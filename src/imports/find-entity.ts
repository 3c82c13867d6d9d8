import { fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { Principal } from '../base/principal.ts';
import type { Catalog, Entity } from '../catalog/catalog.ts';
import { mayWriteSet } from '../query/change/check/access.ts';

/**
 * @param name a set's name (`products`) or its model's (`Product`), in any case
 * @throws UNKNOWN_ENTITY with the nearest of the sets that the principal may write to
 */
export function findEntity(catalog: Catalog, name: string, principal: Principal): Entity {
  const entities = [...catalog.sets.values()];
  const lowerName = name.trim().toLowerCase();
  const found = catalog.sets.get(name) ?? entities.find(entity => namesOf(entity).includes(lowerName));
  if (found) return found;
  const known = entities.filter(entity => mayWriteSet(principal, entity)).map(entity => entity.set);
  throw fault('UNKNOWN_ENTITY', `There is no set "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, known) ?? (known.length > 0 ? `There are ${known.join(', ')}.` : undefined),
    target: 'entity',
  });
}

const namesOf = ({ set, name, single }: Entity): string[] =>
  [set, name, single].map(word => word.toLowerCase());

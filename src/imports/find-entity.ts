import { fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { Entity } from '../catalog/catalog.ts';
import { type PermittedCatalog, permittedOf } from '../query/permitted/permitted-catalog.ts';

/**
 * @param name a set's name (`products`) or its model's (`Product`), in any case
 * @throws UNKNOWN_ENTITY with the nearest of the sets that may be written to
 */
export function findEntity(permitted: PermittedCatalog, name: string): Entity {
  const { sets } = permitted.catalog;
  const entities = [...sets.values()];
  const lowerName = name.trim().toLowerCase();
  const found = sets.get(name) ?? entities.find(entity => namesOf(entity).includes(lowerName));
  if (found) return found;
  const known = entities.filter(entity => permittedOf(permitted, entity).write).map(entity => entity.set);
  throw fault('UNKNOWN_ENTITY', `There is no set "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, known) ?? (known.length > 0 ? `There are ${known.join(', ')}.` : undefined),
    target: 'entity',
  });
}

const namesOf = ({ set, name, single }: Entity): string[] =>
  [set, name, single].map(word => word.toLowerCase());

import type { Entity } from './catalog.ts';

/** @returns the sets of fields that each identify one row, which are the ways to ask for one: `[['id'], ['sku']]` */
export function waysToOne(entity: Entity): readonly (readonly string[])[] {
  const ways = [entity.key, ...entity.uniques, ...(entity.naturalKey ? [entity.naturalKey] : [])];
  const served = ways.filter(
    way => way.length > 0 && way.every(name => entity.fields.get(name)?.kind === 'column'),
  );
  return [...new Map(served.map(way => [way.toSorted().join(), way])).values()];
}

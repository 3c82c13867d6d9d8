import type { Entity } from './catalog.ts';

/** @returns the unique keys by which a single record can be requested: `[['id'], ['sku']]` */
export function waysToOne(entity: Entity): readonly (readonly string[])[] {
  const ways = [entity.key, ...entity.uniques, ...(entity.naturalKey ? [entity.naturalKey] : [])];
  const served = ways.filter(
    way => way.length > 0 && way.every(name => entity.fields.get(name)?.kind === 'column'),
  );
  return [...new Map(served.map(way => [way.toSorted().join(), way])).values()];
}

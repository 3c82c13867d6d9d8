// The mutations that the catalog gives: `createProduct`, `updateProducts` and so on.

import type { Catalog, Entity } from '../../catalog/catalog.ts';
import { upsertKey, writableColumns } from '../../query/change/check/writable.ts';
import { waysToOne } from './roots.ts';

export type MutationKind =
  | 'createOne'
  | 'createMany'
  | 'updateOne'
  | 'updateMany'
  | 'upsertOne'
  | 'upsertMany'
  | 'deleteOne'
  | 'deleteMany';

export interface Mutation {
  readonly kind: MutationKind;
  readonly entity: Entity;
}

/** @returns every mutation by its name */
export function mutationsOf(catalog: Catalog): ReadonlyMap<string, Mutation> {
  const mutations = new Map<string, Mutation>();
  for (const entity of catalog.entities.values()) {
    for (const kind of kindsOf(entity)) mutations.set(nameOf(kind, entity), { kind, entity });
  }
  return mutations;
}

function kindsOf(entity: Entity): MutationKind[] {
  const hasKey = waysToOne(entity).length > 0;
  const takesNew = writableColumns(entity, 'insert').length > 0;
  const takesChanges = writableColumns(entity, 'update').length > 0;
  return [
    ...(takesNew ? (['createOne', 'createMany'] as const) : []),
    ...(takesChanges && hasKey ? (['updateOne'] as const) : []),
    ...(takesChanges ? (['updateMany'] as const) : []),
    ...(upsertKey(entity) ? (['upsertOne', 'upsertMany'] as const) : []),
    ...(hasKey ? (['deleteOne'] as const) : []),
    'deleteMany',
  ];
}

/** A word that is the same for one and many is told apart by what is done to it. */
function nameOf(kind: MutationKind, { single, set }: Entity): string {
  const verb = kind.replace(/One|Many/, '');
  if (kind.endsWith('One')) return verb + capital(single);
  return verb + capital(set) + (set === single ? 'Many' : '');
}

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** @returns the name of the field that gives a row's version, or undefined where both of its names are taken */
export const versionFieldOf = (entity: Entity): string | undefined =>
  ['version', 'rowVersion'].find(name => !entity.fields.has(name));

/** What the cut schema shows: a principal's permission to write. */
export interface MayWrite {
  readonly set: (entity: Entity) => boolean;
  readonly field: (entity: Entity, name: string) => boolean;
}

export const mayWriteAll: MayWrite = { set: () => true, field: () => true };

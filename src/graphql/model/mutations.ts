// The mutations generated from the catalog: `createProduct`, `updateProducts` and so on.

import type { Catalog, Entity } from '../../catalog/catalog.ts';
import { type MayWrite, mayFill, mayUpsert, mayWriteAll } from './may-write.ts';
import { waysToOne } from './roots.ts';

type MutationKind =
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

/** @returns the mutations that the caller may run, by name */
export function mutationsOf(catalog: Catalog, mayWrite = mayWriteAll): ReadonlyMap<string, Mutation> {
  const mutations = new Map<string, Mutation>();
  for (const entity of catalog.entities.values()) {
    for (const kind of kindsOf(entity, mayWrite)) mutations.set(nameOf(kind, entity), { kind, entity });
  }
  return mutations;
}

function kindsOf(entity: Entity, mayWrite: MayWrite): MutationKind[] {
  if (!mayWrite.set(entity)) return [];
  const hasKey = waysToOne(entity).length > 0;
  const takesNew = mayFill(mayWrite, entity, 'insert');
  const takesChanges = mayFill(mayWrite, entity, 'update');
  return [
    ...(takesNew ? (['createOne', 'createMany'] as const) : []),
    ...(takesChanges && hasKey ? (['updateOne'] as const) : []),
    ...(takesChanges ? (['updateMany'] as const) : []),
    ...(mayUpsert(mayWrite, entity) ? (['upsertOne', 'upsertMany'] as const) : []),
    ...(hasKey ? (['deleteOne'] as const) : []),
    'deleteMany',
  ];
}

/** If singular and plural are the same word, a suffix keeps the names apart. */
function nameOf(kind: MutationKind, { single, set }: Entity): string {
  const verb = kind.replace(/One|Many/, '');
  if (kind.endsWith('One')) return verb + capital(single);
  return verb + capital(set) + (set === single ? 'Many' : '');
}

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** @returns the name of the field with a row's version, or undefined if both of its names are taken */
export const versionFieldOf = (entity: Entity): string | undefined =>
  ['version', 'rowVersion'].find(name => !entity.fields.has(name));

// Reads the change log for a principal: the field `changes` of GraphQL.

import type { Database } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { PermittedCatalog } from '../query/permitted/permitted-catalog.ts';
import { finalPosition } from './final-position.ts';
import { toLoggedKey } from './logged-key.ts';
import { readChanges } from './read-changes.ts';
import { checkKept } from './retention.ts';
import { mayReadChanges, type ShownChange, showChange } from './show-change.ts';
import type { ChangeKind } from './stored-change.ts';

export interface ListChanges {
  /** A model's or set's name. Default: every entity that the principal may read. */
  readonly entity?: string | null;
  /** The one value of a record's key, or an object of values by field. */
  readonly key?: unknown;
  readonly kinds?: readonly ChangeKind[] | null;
  /** Whole numbers as text, exclusive. */
  readonly after?: string | bigint | null;
  readonly before?: string | bigint | null;
  readonly newestFirst?: boolean | null;
  readonly take?: number | null;
}

const takeDefault = 100;
const takeMax = 1_000;

/** @throws SCOPE_MISSING, UNKNOWN_ENTITY, INVALID_VALUE, LIMIT_EXCEEDED */
export async function listChanges(
  database: Database,
  permitted: PermittedCatalog,
  list: ListChanges,
  signal?: AbortSignal,
): Promise<ShownChange[]> {
  const entities = entitiesOf(permitted, list);
  const take = checkTake(list.take ?? takeDefault);
  const after = list.after == null ? undefined : BigInt(list.after);
  const key = list.key == null ? undefined : toLoggedKey(requireOne(entities), list.key);
  const upTo = after === undefined ? undefined : await finalAfter(database, entities, after, signal);
  const changes = await readChanges(database, {
    entities: entities.map(({ name }) => name),
    key,
    after,
    upTo,
    take,
    kinds: list.kinds ?? undefined,
    before: list.before == null ? undefined : BigInt(list.before),
    newestFirst: list.newestFirst ?? false,
  });
  return changes.map(change => showChange(change, permitted));
}

function entitiesOf({ catalog, entities }: PermittedCatalog, { entity: name }: ListChanges): Entity[] {
  const readable = [...entities.values()].filter(mayReadChanges).map(({ entity }) => entity);
  if (name == null) {
    if (readable.length === 0) throw mayNotRead('read');
    return readable;
  }
  const found = [...catalog.entities.values()].find(({ name: model, set, single }) =>
    [model, set, single].includes(name),
  );
  if (!found) throw unknownEntity(name, readable);
  if (!readable.includes(found)) throw mayNotRead(`${found.set}:read`);
  return [found];
}

const mayNotRead = (scope: string) =>
  fault('SCOPE_MISSING', `Reading these changes needs the scope "${scope}".`, {
    target: scope,
    hint: 'Use a credential that has it.',
  });

function unknownEntity(name: string, readable: readonly Entity[]) {
  const known = readable.map(entity => entity.name);
  return fault('UNKNOWN_ENTITY', `There is no entity "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, known) ?? `There are ${known.join(', ')}.`,
    target: 'entity',
  });
}

function checkTake(take: number): number {
  if (take < 0) throw fault('INVALID_VALUE', '"take" must be 0 or more.', { target: 'take' });
  if (take <= takeMax) return take;
  throw fault('LIMIT_EXCEEDED', `"take" is ${take}; at most ${takeMax} changes are returned at once.`, {
    hint: 'Continue with "after" set to the last id.',
    target: 'take',
  });
}

function requireOne(entities: readonly Entity[]): Entity {
  if (entities.length === 1) return entities[0]!;
  throw fault('INVALID_VALUE', '"key" needs "entity".', { target: 'entity' });
}

/** @returns the id up to which the log is final; later changes are left for the next page */
async function finalAfter(
  database: Database,
  entities: readonly Entity[],
  after: bigint,
  signal?: AbortSignal,
): Promise<bigint> {
  await checkKept(database, after);
  return (await finalPosition(database, entities, signal)) ?? after;
}

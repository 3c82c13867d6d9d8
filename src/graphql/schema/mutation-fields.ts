// `createProduct`, `updateProducts` and so on: the mutations of each entity.

import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import { upsertKey } from '../../query/change/check/writable.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { type Mutation, mutationsOf } from '../model/mutations.ts';
import { waysToOne } from '../model/roots.ts';
import { byResponseKey } from './by-response-key.ts';
import { createType, updateManyType, updateType, upsertType } from './change-types.ts';
import { describeField } from './describe.ts';
import { outputType, type SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';
import { whereType } from './where-types.ts';

type MutationBuilder = PothosSchemaTypes.MutationFieldBuilder<BuilderTypes, BuilderTypes['Root']>;

/** Adds the mutations that the caller may see. @param others whether the platform adds mutations */
export function addMutations(parts: SchemaParts, others: boolean): void {
  const mutations = [...mutationsOf(parts.catalog, parts.mayWrite)];
  if (mutations.length === 0 && !others) return;
  parts.builder.mutationType({
    description:
      'All mutations. The mutations of one request run in one transaction: all succeed or none. With `@independent` each is committed separately.',
    fields: t => Object.fromEntries(mutations.map(([name, one]) => [name, mutationField(parts, one, t)])),
  });
}

/** A mutation is null only if it failed. */
function mutationField(parts: SchemaParts, mutation: Mutation, t: MutationBuilder) {
  const { kind, entity } = mutation;
  const type = parts.objects.get(entity.name)!;
  const options = { nullable: true, description: describe(mutation), resolve: notHere } as const;
  const args = argumentsOf(parts, mutation, t.arg);
  switch (kind) {
    case 'createMany':
    case 'upsertMany':
      return t.field({ ...options, type: [type], args });
    case 'updateMany':
    case 'deleteMany':
      return t.field({ ...options, type: countType(parts), args });
    default:
      return t.field({ ...options, type, args });
  }
}

function argumentsOf(parts: SchemaParts, { kind, entity }: Mutation, arg: MutationBuilder['arg']) {
  const version = arg.string({
    description:
      'Only if the record still has this `version`. Otherwise the error is CONFLICT and names the current version.',
  });
  const row = (type: ReturnType<typeof createType>) => ({ data: arg({ type, required: true }) });
  const rows = (type: ReturnType<typeof createType>) => ({ data: arg({ type: [type], required: true }) });
  switch (kind) {
    case 'createOne':
      return row(createType(parts, entity));
    case 'createMany':
      return rows(createType(parts, entity));
    case 'updateOne':
      return { ...keyArguments(parts, entity, arg), ...row(updateType(parts, entity)), ifVersion: version };
    case 'updateMany':
      return { ...whereArguments(parts, entity, arg), ...row(updateManyType(parts, entity)) };
    case 'upsertOne':
      return row(upsertType(parts, entity));
    case 'upsertMany':
      return rows(upsertType(parts, entity));
    case 'deleteOne':
      return { ...keyArguments(parts, entity, arg), ifVersion: version };
    case 'deleteMany':
      return whereArguments(parts, entity, arg);
  }
}

function keyArguments(parts: SchemaParts, entity: Entity, arg: MutationBuilder['arg']) {
  const columns = [...new Set(waysToOne(entity).flat())].map(name => entity.fields.get(name) as ColumnField);
  const args = columns.map(field => {
    const type = elementType(parts, field.type);
    return [field.name, arg({ type, description: describeField(entity, field) })] as const;
  });
  return Object.fromEntries(args);
}

const whereArguments = (parts: SchemaParts, entity: Entity, arg: MutationBuilder['arg']) => ({
  where: arg({ type: whereType(parts, entity), description: 'Which rows. Must not be empty.' }),
  all: arg.boolean({ description: 'Instead of `where`: all rows.' }),
});

function describe({ kind, entity }: Mutation): string {
  const { single, set } = entity;
  const ways = waysToOne(entity).map(way => way.join(' and '));
  switch (kind) {
    case 'createOne':
      return `Adds a ${single}.`;
    case 'createMany':
      return `Adds ${set}, all or none, and returns them in the same order.`;
    case 'updateOne':
      return `Changes one ${single}, by ${ways.join(', or by ')}. NOT_FOUND if there is none.`;
    case 'updateMany':
      return `Changes all ${set} that match a condition.`;
    case 'upsertOne':
      return `Changes the ${single} with this ${upsertKey(entity)!.join(', ')}, or adds it.`;
    case 'upsertMany':
      return `Changes the ${set} with these ${upsertKey(entity)!.join(', ')}, or adds them: all or none.`;
    case 'deleteOne':
      return `Deletes one ${single}, and returns its last state. NOT_FOUND if there is none.`;
    case 'deleteMany':
      return `Deletes all ${set} that match a condition.`;
  }
}

const countType = (parts: SchemaParts) =>
  outputType(parts, 'ChangedRows', ref =>
    parts.builder.objectType(ref, {
      description: 'The result of a change to many rows.',
      fields: t => ({
        count: t.int({
          nullable: false,
          description: 'The number of changed or deleted rows.',
          resolve: byResponseKey,
        }),
      }),
    }),
  );

/** Catalog mutations run together, before any field is resolved. */
const notHere = (): never => {
  throw new Error('This mutation is not run by its resolver.');
};

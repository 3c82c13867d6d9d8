// The types of the change log.

import type { Entity } from '../../catalog/catalog.ts';
import type { ShownActor, ShownChange, ShownField } from '../../changes/show-change.ts';
import type { LiveChange } from '../../changes/watch.ts';
import type { Builder } from '../model/builder.ts';
import type { SchemaParts } from './schema-parts.ts';

export type LogTypes = ReturnType<typeof addLogTypes>;

export function addLogTypes({ builder }: SchemaParts) {
  const kind = kindType(builder);
  const actor = actorType(builder);
  const field = fieldType(builder);
  const change = changeType(builder, { kind, actor, field });
  return { kind, actor, field, change };
}

const kindType = (builder: Builder) =>
  builder.enumType('ChangeKind', {
    description: 'The kind of change.',
    values: { insert: {}, update: {}, delete: {} },
  });

const actorType = (builder: Builder) =>
  builder.objectRef<ShownActor>('ChangeActor').implement({
    description: 'Who made a change.',
    fields: t => ({
      kind: t.exposeString('kind', { nullable: false, description: 'The kind of credential: `key`.' }),
      id: t.exposeString('id', { nullable: false, description: "The credential's own id." }),
      user: t.exposeString('user', {
        nullable: true,
        description: 'The id of the user whose credential it is.',
      }),
      app: t.exposeString('app', {
        nullable: true,
        description: 'The client id of the app that acted for the user.',
      }),
      via: t.exposeString('via', { nullable: true, description: 'The API that was used: `import`.' }),
    }),
  });

const fieldType = (builder: Builder) =>
  builder.objectRef<ShownField>('ChangedField').implement({
    description: 'A changed field.',
    fields: t => ({
      name: t.exposeString('name', { nullable: false }),
      old: t.expose('old', {
        type: 'Json',
        nullable: true,
        description:
          'The value before, as in the record. Of a relation: the keys of the records no longer linked.',
      }),
      new: t.expose('new', {
        type: 'Json',
        nullable: true,
        description:
          'The value after, as in the record. Of a relation: the keys of the records newly linked.',
      }),
    }),
  });

const changeType = (
  builder: Builder,
  {
    kind,
    actor,
    field,
  }: {
    readonly kind: ReturnType<typeof kindType>;
    readonly actor: ReturnType<typeof actorType>;
    readonly field: ReturnType<typeof fieldType>;
  },
) =>
  builder.objectRef<ShownChange>('Change').implement({
    description: 'A change of one record.',
    fields: t => ({
      id: t.expose('id', { type: 'BigInt', nullable: false, description: 'The position in the log.' }),
      entity: t.exposeString('entity', { nullable: false, description: 'The type of the record.' }),
      key: t.expose('key', {
        type: 'Json',
        nullable: false,
        description: 'The primary key, value by field.',
      }),
      kind: t.expose('kind', { type: kind, nullable: false }),
      position: t.expose('position', {
        type: 'BigInt',
        nullable: false,
        description: 'Counts the changes of this record, from 1, without gaps.',
      }),
      at: t.expose('at', { type: 'DateTime', nullable: false }),
      actor: t.expose('actor', {
        type: actor,
        nullable: true,
        description: 'Who did it; null if the change was not made through this server.',
      }),
      fields: t.expose('fields', {
        type: [field],
        nullable: { list: false, items: false },
        description: 'The changed fields that the caller may read.',
      }),
    }),
  });

/** `ProductChange`: an event of a subscription. */
export const liveChangeType = (parts: SchemaParts, types: LogTypes, entity: Entity) =>
  parts.builder.objectRef<LiveChange>(`${entity.name}Change`).implement({
    description: `A change of one ${entity.single}.`,
    fields: t => ({
      position: t.field({
        type: 'BigInt',
        nullable: false,
        description: 'The position in the log. Pass it as `after` to continue from here.',
        resolve: change => change.id,
      }),
      kind: t.expose('kind', { type: types.kind, nullable: false }),
      key: t.expose('key', {
        type: 'Json',
        nullable: false,
        description: 'The primary key, value by field.',
      }),
      node: t.field({
        type: parts.objects.get(entity.name)!,
        nullable: true,
        description: 'The current record; null if it no longer exists.',
        resolve: change => change.node,
      }),
      at: t.expose('at', { type: 'DateTime', nullable: false }),
      actor: t.expose('actor', { type: types.actor, nullable: true }),
      fields: t.expose('fields', { type: [types.field], nullable: { list: false, items: false } }),
    }),
  });

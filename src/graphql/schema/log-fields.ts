// `changes` and `productChanged`: reading the change log, and following it.

import type { Entity } from '../../catalog/catalog.ts';
import type { LiveChanges } from '../model/live-changes.ts';
import { whereArgument } from './list-arguments.ts';
import { addLogTypes, type LogTypes, liveChangeType } from './log-types.ts';
import type { SchemaParts } from './schema-parts.ts';

export function addLog(parts: SchemaParts): void {
  const types = addLogTypes(parts);
  addChanges(parts, types);
  addSubscriptions(parts, types);
}

function addChanges({ builder }: SchemaParts, types: LogTypes): void {
  builder.queryField('changes', t =>
    t.field({
      type: [types.change],
      nullable: { list: false, items: false },
      description: 'The change log, oldest first.',
      args: {
        entity: t.arg.string({ description: 'The type or set of the records: `Product`. Default: all.' }),
        key: t.arg({
          type: 'Json',
          description: 'The primary key of one record: its one value, or an object of values by field.',
        }),
        kinds: t.arg({ type: [types.kind], description: 'Default: all.' }),
        after: t.arg({
          type: 'BigInt',
          description: 'Only changes with a greater id. Continue after the last id received to miss nothing.',
        }),
        before: t.arg({ type: 'BigInt', description: 'Only changes with a smaller id.' }),
        newestFirst: t.arg.boolean({ defaultValue: false }),
        take: t.arg.int({ defaultValue: 100, description: 'Maximum number of changes.' }),
      },
      resolve: (_root, args, { live, principal, signal }) => needed(live).list(args, principal, signal),
    }),
  );
}

function addSubscriptions(parts: SchemaParts, types: LogTypes): void {
  const entities = [...parts.catalog.entities.values()].filter(entity => entity.key.length > 0);
  if (entities.length === 0) return;
  parts.builder.subscriptionType({
    description: 'Live changes, by server-sent events.',
    fields: t =>
      Object.fromEntries(
        entities.map(entity => [
          changedName(entity),
          t.field({
            type: liveChangeType(parts, types, entity),
            nullable: false,
            description: `Each change of ${entity.set}, with the record as it is when the event is sent.`,
            args: {
              ...whereArgument(parts, entity, t.arg),
              kinds: t.arg({ type: [types.kind], description: 'Default: all.' }),
              after: t.arg({
                type: 'BigInt',
                description: 'The last position received. Default: only new changes.',
              }),
            },
            subscribe: (_root, _args, context, info) => needed(context.live).watch(entity, context, info),
            resolve: (change: unknown) => change as never,
          }),
        ]),
      ),
  });
}

/** @returns the name of the subscription to an entity's changes */
const changedName = ({ single }: Entity): string => `${single}Changed`;

function needed(live: LiveChanges | undefined): LiveChanges {
  if (!live) throw new Error('This server has no change log.');
  return live;
}

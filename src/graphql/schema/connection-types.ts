// `ProductConnection`, `ProductEdge` and `PageInfo`: https://relay.dev/graphql/connections.htm

import type { ArgBuilder } from '@pothos/core';
import type { Entity } from '../../catalog/catalog.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { connectionTypeName, edgeTypeName, pageInfoTypeName } from '../model/connections.ts';
import { byResponseKey } from './by-response-key.ts';
import { listArguments } from './list-arguments.ts';
import { type ObjectRef, outputType, type SchemaParts } from './schema-parts.ts';

export function connectionArguments(parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) {
  const { take: _take, skip: _skip, ...rows } = listArguments(parts, entity, arg);
  const number = (description: string) => arg({ type: 'Int', description });
  const cursor = (description: string) => arg({ type: 'String', description });
  return {
    ...rows,
    first: number('So many rows from the beginning of what the cursors leave.'),
    after: cursor('Only rows behind this cursor, which must come from a list of the same order.'),
    last: number(
      'So many rows from the end of what the cursors leave, in the same order. Not together with `first`.',
    ),
    before: cursor('Only rows before this cursor.'),
  };
}

export function connectionType(parts: SchemaParts, entity: Entity): ObjectRef {
  return outputType(parts, connectionTypeName(entity), ref =>
    parts.builder.objectType(ref, {
      description: `A page of ${entity.set}, which holds its place whatever is written meanwhile.`,
      fields: t => {
        const count = (description: string) =>
          t.int({ nullable: false, description, resolve: byResponseKey });
        return {
          edges: t.field({
            type: [edgeType(parts, entity)],
            nullable: false,
            description: 'The rows of the page, each with its cursor.',
            resolve: byResponseKey,
          }),
          nodes: t.field({
            type: [parts.objects.get(entity.name)!],
            nullable: false,
            description: 'The rows of the page.',
            resolve: byResponseKey,
          }),
          pageInfo: t.field({ type: pageInfoType(parts), nullable: false, resolve: byResponseKey }),
          totalCount: count(
            'How many rows meet the condition, whatever the page. Counted only where it is asked for.',
          ),
          totalCountEstimate: count(
            'The same, but for a large table without a condition the estimate of the database, which takes no time.',
          ),
        };
      },
    }),
  );
}

function edgeType(parts: SchemaParts, entity: Entity): ObjectRef {
  return outputType(parts, edgeTypeName(entity), ref =>
    parts.builder.objectType(ref, {
      description: `One of ${entity.set} in a page.`,
      fields: t => ({
        cursor: t.string({
          nullable: false,
          description: 'For `after` and `before`. It stays good when its row is changed or deleted.',
          resolve: byResponseKey,
        }),
        node: t.field({ type: parts.objects.get(entity.name)!, nullable: false, resolve: byResponseKey }),
      }),
    }),
  );
}

function pageInfoType(parts: SchemaParts): ObjectRef {
  return outputType(parts, pageInfoTypeName, ref =>
    parts.builder.objectType(ref, {
      description: 'What lies around a page.',
      fields: t => {
        const whether = (description: string) =>
          t.boolean({ nullable: false, description, resolve: byResponseKey });
        const cursor = (description: string) =>
          t.string({ nullable: true, description, resolve: byResponseKey });
        return {
          hasNextPage: whether('Whether there are rows behind the page.'),
          hasPreviousPage: whether('Whether there are rows before the page.'),
          startCursor: cursor('The cursor of the first row; null where there is none.'),
          endCursor: cursor('The cursor of the last row; null where there is none.'),
        };
      },
    }),
  );
}

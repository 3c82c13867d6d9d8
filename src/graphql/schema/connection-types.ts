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
    first: number('Number of rows from the start of the range between the cursors.'),
    after: cursor('Only rows after this cursor, which must come from a list with the same order.'),
    last: number(
      'Number of rows from the end of the range between the cursors, in the same order. Not together with `first`.',
    ),
    before: cursor('Only rows before this cursor.'),
  };
}

export function connectionType(parts: SchemaParts, entity: Entity): ObjectRef {
  return outputType(parts, connectionTypeName(entity), ref =>
    parts.builder.objectType(ref, {
      description: `A page of ${entity.set}. Its cursors stay valid when data changes.`,
      fields: t => {
        const count = (description: string) =>
          t.int({ nullable: false, description, resolve: byResponseKey });
        return {
          edges: t.field({
            type: [edgeType(parts, entity)],
            nullable: false,
            description: 'The rows of the page with their cursors.',
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
            'The number of rows that match the condition, on all pages. Counted only if selected.',
          ),
          totalCountEstimate: count(
            'Like `totalCount`, but for a large table without a condition it is an estimate by the database, which is fast.',
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
          description: 'For `after` and `before`. It stays valid when its row is changed or deleted.',
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
      description: 'Information about a page.',
      fields: t => {
        const whether = (description: string) =>
          t.boolean({ nullable: false, description, resolve: byResponseKey });
        const cursor = (description: string) =>
          t.string({ nullable: true, description, resolve: byResponseKey });
        return {
          hasNextPage: whether('Whether there are rows after the page.'),
          hasPreviousPage: whether('Whether there are rows before the page.'),
          startCursor: cursor('The cursor of the first row; null if the page is empty.'),
          endCursor: cursor('The cursor of the last row; null if the page is empty.'),
        };
      },
    }),
  );
}

// `products`, `product`, `productsCount` and so on: the queries of each entity.

import type { GraphQLResolveInfo } from 'graphql';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { BuilderTypes } from '../model/builder.ts';
import type { GraphqlContext } from '../model/context.ts';
import { type Root, rootsOf, waysToOne } from '../model/roots.ts';
import { aggregateType } from './aggregate-types.ts';
import { connectionArguments, connectionType } from './connection-types.ts';
import { describeField } from './describe.ts';
import { groupArguments } from './group-arguments.ts';
import { groupType } from './group-types.ts';
import { listArguments, rowArguments } from './list-arguments.ts';
import type { SchemaParts } from './schema-parts.ts';
import { elementType } from './value-type.ts';

export type QueryBuilder = PothosSchemaTypes.QueryFieldBuilder<BuilderTypes, BuilderTypes['Root']>;

export const rootFields = (parts: SchemaParts, t: QueryBuilder) =>
  Object.fromEntries([...rootsOf(parts.catalog)].map(([name, root]) => [name, rootField(parts, root, t)]));

function rootField(parts: SchemaParts, { kind, entity }: Root, t: QueryBuilder) {
  if (kind === 'list') return listField(parts, entity, t);
  if (kind === 'connection') return connectionField(parts, entity, t);
  if (kind === 'aggregate') return aggregateField(parts, entity, t);
  if (kind === 'groupBy') return groupByField(parts, entity, t);
  return kind === 'one' ? oneField(parts, entity, t) : countField(parts, entity, t);
}

const listField = (parts: SchemaParts, entity: Entity, t: QueryBuilder) =>
  t.field({
    type: [parts.objects.get(entity.name)!],
    nullable: false,
    description: `The ${entity.set} that match a condition.`,
    args: listArguments(parts, entity, t.arg),
    resolve: answerRoot,
  });

const connectionField = (parts: SchemaParts, entity: Entity, t: QueryBuilder) =>
  t.field({
    type: connectionType(parts, entity),
    nullable: false,
    description: `The ${entity.set} that match a condition, page by page.`,
    args: connectionArguments(parts, entity, t.arg),
    resolve: answerRoot,
  });

const countField = (parts: SchemaParts, entity: Entity, t: QueryBuilder) =>
  t.int({
    nullable: false,
    description: `The number of ${entity.set} that match a condition.`,
    args: rowArguments(parts, entity, t.arg),
    resolve: answerRoot,
  });

const aggregateField = (parts: SchemaParts, entity: Entity, t: QueryBuilder) =>
  t.field({
    type: aggregateType(parts, entity),
    nullable: false,
    description: `Aggregates of the ${entity.set} that match a condition.`,
    args: rowArguments(parts, entity, t.arg),
    resolve: answerRoot,
  });

const groupByField = (parts: SchemaParts, entity: Entity, t: QueryBuilder) =>
  t.field({
    type: [groupType(parts, entity)],
    nullable: false,
    description: `Groups of the ${entity.set} that match a condition, by the fields that are selected under \`key\`.`,
    args: groupArguments(parts, entity, t.arg),
    resolve: answerRoot,
  });

function oneField(parts: SchemaParts, entity: Entity, t: QueryBuilder) {
  const ways = waysToOne(entity);
  const said = ways.map(way => way.join(' and ')).join(', or by ');
  const columns = [...new Set(ways.flat())].map(name => entity.fields.get(name) as ColumnField);
  const args = columns.map(field => {
    const type = elementType(parts, field.type);
    return [field.name, t.arg({ type, description: describeField(entity, field) })] as const;
  });
  return t.field({
    type: parts.objects.get(entity.name)!,
    nullable: true,
    description: `One ${entity.single}, by ${said}; null if there is none.`,
    args: Object.fromEntries(args),
    resolve: answerRoot,
  });
}

const answerRoot = async (
  _root: unknown,
  _args: unknown,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<never> => (await context.answerRoot(String(info.path.key))) as never;

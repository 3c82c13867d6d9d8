// The whole GraphQL schema: generic from the catalog, plus the platform's own parts.

import type { GraphQLSchema } from 'graphql';
import type { Catalog } from '../../catalog/catalog.ts';
import { createBuilder, type PlatformPart } from '../model/builder.ts';
import { mayWriteAll } from '../model/may-write.ts';
import { directives } from './directives.ts';
import { addEntityType } from './entity-type.ts';
import { addLog } from './log-fields.ts';
import { addMutations } from './mutation-fields.ts';
import { rootFields } from './root-fields.ts';
import { createParts } from './schema-parts.ts';

/** Needs no database, so it can be printed as well: `printSchema(buildSchema(catalog, platform))`. */
export function buildSchema(
  catalog: Catalog,
  platform: readonly PlatformPart[],
  mayWrite = mayWriteAll,
): GraphQLSchema {
  const builder = createBuilder();
  const parts = createParts(builder, catalog, mayWrite);
  builder.queryType({ description: 'All queries.', fields: t => rootFields(parts, t) });
  for (const entity of catalog.entities.values()) addEntityType(parts, entity);
  addMutations(
    parts,
    platform.some(({ mutations = [] }) => mutations.length > 0),
  );
  addLog(parts);
  for (const part of platform) part.add(builder);
  return builder.toSchema({ sortSchema: false, directives: [...directives] });
}

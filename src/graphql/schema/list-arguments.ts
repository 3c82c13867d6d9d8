// The arguments of every list: which rows, in which order, which page.

import type { ArgBuilder } from '@pothos/core';
import type { Entity } from '../../catalog/catalog.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { orderType } from './order-types.ts';
import type { SchemaParts } from './schema-parts.ts';
import { whereType } from './where-types.ts';

export const listArguments = (parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) => ({
  ...rowArguments(parts, entity, arg),
  orderBy: arg({
    type: [orderType(parts, entity)],
    description: 'The order, most important key first. Ties are broken by the primary key.',
  }),
  take: arg({
    type: 'Int',
    description:
      'Maximum number of rows. Lists cut off by the default are named in the header `Portolan-Truncated`.',
  }),
  skip: arg({ type: 'Int', description: 'Number of rows to skip.' }),
});

export const whereArgument = (parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) => ({
  where: arg({ type: whereType(parts, entity), description: 'Which rows. Default: all.' }),
});

/** Which rows: by a condition, and by full-text search if the entity has searchable fields. */
export const rowArguments = (parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) => ({
  ...whereArgument(parts, entity, arg),
  ...searchArgument(entity, arg),
});

const searchArgument = ({ search }: Entity, arg: ArgBuilder<BuilderTypes>) =>
  search.length > 0 && { search: arg({ type: 'String', description: searchMeaning(search) }) };

const searchMeaning = (fields: readonly string[]): string =>
  `Full-text search in ${fields.join(', ')}: all words must occur, in any case. \`"as a phrase"\`, \`-without\`, \`this or that\`, \`begin*\`. Without an order, the best matches come first.`;

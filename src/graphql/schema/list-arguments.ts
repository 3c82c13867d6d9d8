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
    description:
      'The order, the most important key first. Rows that it leaves equal go by their primary key.',
  }),
  take: arg({
    type: 'Int',
    description: 'Rows at the most. A list cut for want of it is named in the header `Portolan-Truncated`.',
  }),
  skip: arg({ type: 'Int', description: 'Rows to pass over.' }),
});

export const whereArgument = (parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) => ({
  where: arg({ type: whereType(parts, entity), description: 'Which rows. Default: all.' }),
});

/** Which rows: by a condition, and by full-text search where the entity has fields for it. */
export const rowArguments = (parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) => ({
  ...whereArgument(parts, entity, arg),
  ...searchArgument(entity, arg),
});

const searchArgument = ({ search }: Entity, arg: ArgBuilder<BuilderTypes>) =>
  search.length > 0 && { search: arg({ type: 'String', description: searchMeaning(search) }) };

const searchMeaning = (fields: readonly string[]): string =>
  `Words to find in ${fields.join(', ')}: all of them, whatever their case. \`"as a phrase"\`, \`-without\`, \`this or that\`, \`begin*\`. Without an order, what matches best comes first.`;

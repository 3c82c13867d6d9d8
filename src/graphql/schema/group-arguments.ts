// The arguments of a list of groups: which rows, which groups, in which order, which page.

import type { ArgBuilder } from '@pothos/core';
import type { Entity } from '../../catalog/catalog.ts';
import type { BuilderTypes } from '../model/builder.ts';
import { havingType } from './aggregate-filter-types.ts';
import { groupOrderType } from './aggregate-order-types.ts';
import { rowArguments } from './list-arguments.ts';
import type { SchemaParts } from './schema-parts.ts';

export const groupArguments = (parts: SchemaParts, entity: Entity, arg: ArgBuilder<BuilderTypes>) => ({
  ...rowArguments(parts, entity, arg),
  having: arg({ type: havingType(parts, entity), description: 'Which groups. Default: all.' }),
  orderBy: arg({
    type: [groupOrderType(parts, entity)],
    description: 'The order, most important key first. Ties are broken by the group keys.',
  }),
  take: arg({
    type: 'Int',
    description:
      'Maximum number of groups. Lists cut off by the default are named in the header `Portolan-Truncated`.',
  }),
  skip: arg({ type: 'Int', description: 'Number of groups to skip.' }),
});

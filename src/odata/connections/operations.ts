// Connection files, declared: /api/connections.

import * as v from 'valibot';
import { declareOperations } from '../../http/message/operation.ts';

export const connectionOperations = declareOperations({
  list: {
    id: 'listConnections',
    tag: 'Data',
    method: 'GET',
    path: '/api/connections',
    summary: 'List the files that open a set in Excel or Power BI',
    answer: v.object({
      connections: v.array(
        v.object({
          set: v.string(),
          feed: v.pipe(v.string(), v.description('The URL of the OData feed.')),
          excel: v.pipe(v.string(), v.description('The URL of the file for Excel.')),
          powerQuery: v.pipe(v.string(), v.description('The URL of the file for Power Query.')),
        }),
      ),
    }),
  },
  file: {
    id: 'getConnectionFile',
    tag: 'Data',
    method: 'GET',
    path: '/api/connections/{file}',
    summary: 'Get the file that opens a set: `products.odc` for Excel, `products.pq` for Power Query',
    returns: ['text/x-ms-odc', 'text/plain'],
    errors: ['NOT_FOUND'],
  },
});

// The Query API without a server. No permission check: the caller can read the database anyway.

import { createGraphqlApi } from '../../graphql/operation/prepared-schema.ts';
import { FetchIncoming } from '../../http/node/incoming-fetch.ts';
import { createEngine } from '../../query/create-engine.ts';
import { keepStatistics } from '../../query/statistics/keep.ts';
import { queryApiRoutes } from '../../query-api/routes.ts';
import { deriveSecret, loadPeppers, newestPepper } from '../../safestore/peppers.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { openStored, type Stored } from './open-stored.ts';
import type { QueryBackend } from './shown-query.ts';

/** @throws as `openStored` */
export async function openStoredQuery(env: Terminal['env']): Promise<QueryBackend> {
  const stored = await openStored(env);
  const { config, catalog, database, log } = stored;
  const cursorSecret = deriveSecret(newestPepper(loadPeppers(config)), 'cursors');
  const engine = createEngine({ catalog, database, limits: config.limits, cursorSecret });
  const keeper = keepStatistics({ database, catalog, statistics: engine.statistics, log });
  await keeper.refresh();
  const api = createGraphqlApi({ engine, platform: [], limits: config.limits });
  const [route] = queryApiRoutes({ api, config });
  const principal = operatorOf(stored);
  return {
    async run(input) {
      const request = new Request('http://localhost/api/query', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      const { body, headers } = await route!.handle(new FetchIncoming(request, '127.0.0.1'), principal);
      return { text: String(body), truncated: headers?.['portolan-truncated'] ?? null };
    },
    async close() {
      await keeper.close();
      await stored.close();
    },
  };
}

const operatorOf = ({ catalog }: Stored) =>
  Object.freeze({
    kind: 'session' as const,
    id: 'portolan',
    userId: '',
    name: 'portolan',
    scopes: new Set(catalog.scopes),
    scopeKey: catalog.scopes.join(' '),
  });

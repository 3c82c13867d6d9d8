// /api/export/<set>: all rows of a set as a file.

import type { Config } from '../base/config/config.ts';
import type { Database } from '../base/database/database.ts';
import type { GraphqlApi } from '../graphql/operation/prepared-schema.ts';
import type { Incoming } from '../http/message/message.ts';
import { servedAs } from '../http/message/operation.ts';
import type { Route } from '../http/message/route.ts';
import { keptModels } from '../odata/model/visible-model.ts';
import { answerExport, type ExportDeps } from './answer-export.ts';
import { exportOperations } from './operations.ts';
import { createSnapshots } from './snapshot.ts';

interface RouteDeps {
  readonly api: GraphqlApi;
  readonly database: Database;
  readonly config: Pick<Config, 'limits'>;
}

const root = '/api/export/';

/** @returns the routes of the export API: `GET` with the options in the URL, `POST` with the same in a JSON body */
export function exportRoutes({ api, database, config }: RouteDeps): Route[] {
  const deps: ExportDeps = {
    api,
    modelOf: keptModels(api.engine),
    snapshots: createSnapshots(database),
    bodyBytesMax: config.limits.bodyBytesMax,
  };
  return Object.values(exportOperations).map(operation => ({
    ...servedAs(operation),
    handle: (request, principal) => answerExport(deps, setIn(request), request, principal),
  }));
}

/** Names of sets need no encoding. */
const setIn = ({ path }: Incoming): string => path.slice(root.length);

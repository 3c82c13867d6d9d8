// Files that open a set in Excel or Power BI, so that users need not type its URL. They contain no credential; the
// program asks for one and stores it.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { servedAs } from '../../http/message/operation.ts';
import { json } from '../../http/message/respond.ts';
import type { Route } from '../../http/message/route.ts';
import type { Service } from '../model/service.ts';
import { keptModels, type VisibleModel } from '../model/visible-model.ts';
import { rootPath } from '../url/service-root.ts';
import { officeConnection } from './office-connection.ts';
import { connectionOperations } from './operations.ts';
import { powerQuery } from './power-query.ts';

const connectionsPath = '/api/connections';

interface FileKind {
  readonly contentType: string;
  readonly write: (root: string, set: string) => string;
}

const kinds: Readonly<Record<string, FileKind>> = {
  odc: { contentType: 'text/x-ms-odc; charset=utf-8', write: officeConnection },
  pq: { contentType: 'text/plain; charset=utf-8', write: powerQuery },
};

/** @returns the routes below `/api/connections`: the list of files, and the files */
export function connectionRoutes({ engine, config }: Pick<Service, 'engine' | 'config'>): Route[] {
  const modelOf = keptModels(engine);
  const { list: listed, file: fetched } = connectionOperations;
  return [
    { ...servedAs(listed), handle: (_, principal) => list(modelOf(principal), config.publicUrl) },
    {
      ...servedAs(fetched),
      handle: (request, principal) => file(modelOf(principal), config.publicUrl, request),
    },
  ];
}

const list = (model: VisibleModel, publicUrl: string): Answer =>
  json(200, {
    connections: [...model.sets.keys()].map(set => ({
      set,
      feed: `${publicUrl}${rootPath}/${set}`,
      excel: `${publicUrl}${connectionsPath}/${set}.odc`,
      powerQuery: `${publicUrl}${connectionsPath}/${set}.pq`,
    })),
  });

function file(model: VisibleModel, publicUrl: string, request: Incoming): Answer {
  const name = request.path.slice(connectionsPath.length + 1);
  const [, set = '', ending = ''] = /^([^/.]+)\.([a-z]+)$/.exec(name) ?? [];
  const kind = Object.hasOwn(kinds, ending) ? kinds[ending] : undefined;
  if (!kind || !model.sets.has(set)) throw noSuchFile(model, request.path, set);
  return {
    status: 200,
    headers: {
      'content-type': kind.contentType,
      'content-disposition': `attachment; filename="${set}.${ending}"`,
    },
    body: kind.write(`${publicUrl}${rootPath}/`, set),
  };
}

const noSuchFile = (model: VisibleModel, path: string, set: string) =>
  fault('NOT_FOUND', `There is no file at ${path.slice(0, 200)}.`, {
    hint:
      didYouMean(set, model.sets.keys()) ??
      `GET ${connectionsPath} lists the files: the name of a set with .odc or .pq.`,
  });

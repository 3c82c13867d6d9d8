// Files that open a set in Excel or Power BI: who downloads one need not type an address. They hold no credential; the
// program asks for one, and keeps it.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { json } from '../../http/message/respond.ts';
import type { Route } from '../../http/message/route.ts';
import type { Service } from '../model/service.ts';
import { keptModels, type VisibleModel } from '../model/visible-model.ts';
import { rootPath } from '../url/service-root.ts';
import { officeConnection } from './office-connection.ts';
import { powerQuery } from './power-query.ts';

const path = '/api/connections';

interface FileKind {
  readonly contentType: string;
  readonly write: (root: string, set: string) => string;
}

const kinds: Readonly<Record<string, FileKind>> = {
  odc: { contentType: 'text/x-ms-odc; charset=utf-8', write: officeConnection },
  pq: { contentType: 'text/plain; charset=utf-8', write: powerQuery },
};

/** @returns the routes below `/api/connections`: a list of the files, and each of them */
export function connectionRoutes({ engine, config }: Pick<Service, 'engine' | 'config'>): Route[] {
  const modelOf = keptModels(engine);
  return [
    {
      method: 'GET',
      path: `${path}/*`,
      handle(request, principal) {
        const model = modelOf(principal);
        const name = request.path.slice(path.length + 1);
        return name === '' ? list(model, config.publicUrl) : file(model, config.publicUrl, name, request);
      },
    },
  ];
}

const list = (model: VisibleModel, publicUrl: string): Answer =>
  json(200, {
    connections: [...model.sets.keys()].map(set => ({
      set,
      feed: `${publicUrl}${rootPath}/${set}`,
      excel: `${publicUrl}${path}/${set}.odc`,
      powerQuery: `${publicUrl}${path}/${set}.pq`,
    })),
  });

function file(model: VisibleModel, publicUrl: string, name: string, request: Incoming): Answer {
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

const noSuchFile = (model: VisibleModel, asked: string, set: string) =>
  fault('NOT_FOUND', `There is nothing at ${asked.slice(0, 200)}.`, {
    hint: didYouMean(set, model.sets.keys()) ?? `GET ${path} lists the files: a set's name, and .odc or .pq.`,
  });

// REST for mappers: /api/mappers.

import { type Fault, fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { readJsonObject } from '../http/message/json-members.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { mapperJsonSchema } from './document/schema.ts';
import type { MapperCaller } from './services/caller.ts';
import type { Mappers } from './services/create-mappers.ts';
import type { MapperView } from './services/mapper-view.ts';

const path = '/api/mappers';
/** Look-up tables may be long. */
const documentBytesMax = 1_048_576;

/** @returns the routes: list, create, read, replace and delete mappers; their versions; and the JSON schema of documents */
export function mapperRoutes({ mappers }: { readonly mappers: Mappers }): Route[] {
  const document = (request: Incoming) => readJsonObject(request, documentBytesMax);

  const list = async (request: Incoming, principal: Principal): Promise<Answer> => {
    const entity = new URLSearchParams(request.query).get('entity') ?? undefined;
    const found = await mappers.list({ principal, request }, entity);
    return json(200, { mappers: found.map(({ document: _, ...mapper }) => mapper) });
  };

  const create = async (request: Incoming, principal: Principal): Promise<Answer> => {
    const made = await mappers.create({ principal, request }, await document(request));
    return shown(made, 201, { location: `${path}/${made.id}` });
  };

  /** By method and by what follows `/api/mappers/{id}`. */
  const acts: Readonly<Record<string, Act>> = {
    'GET ': async (caller, id) => shown(await mappers.find(caller, id)),
    'GET document': async (caller, id) => download(await mappers.find(caller, id)),
    'GET versions': async (caller, id) => json(200, { versions: await mappers.versions(caller, id) }),
    'PUT ': async (caller, id, request) =>
      shown(await mappers.replace(caller, id, await document(request), expectedVersion(request))),
    'DELETE ': async (caller, id, request) => {
      await mappers.remove(caller, id, expectedVersion(request));
      return { status: 204 };
    },
  };

  const act = async (request: Incoming, principal: Principal): Promise<Answer> => {
    const [id = '', ...rest] = request.path
      .slice(path.length + 1)
      .replace(/\/$/, '')
      .split('/');
    const key = `${request.method} ${rest.join('/')}`;
    const found = Object.hasOwn(acts, key) && acts[key];
    if (!found)
      throw fault('NOT_FOUND', `There is nothing to ${request.method} at ${request.path.slice(0, 200)}.`);
    return found({ principal, request }, decoded(id), request);
  };

  return [
    { method: 'GET', path, handle: list },
    { method: 'POST', path, handle: create },
    { method: 'GET', path: `${path}/schema`, handle: () => json(200, mapperJsonSchema()) },
    { method: ['GET', 'PUT', 'DELETE'], path: `${path}/*`, handle: act },
  ];
}

type Act = (caller: MapperCaller, id: string, request: Incoming) => Promise<Answer>;

const shown = (mapper: MapperView, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  json(status, mapper, { ...headers, etag: `"${mapper.version}"`, 'cache-control': 'no-store' });

/** The document alone, to be saved as a file and sent to another server. */
const download = ({ name, document }: MapperView): Answer => {
  const file = `${name.replace(/[^\w.-]+/g, '-').replace(/^-|-$/g, '') || 'mapper'}.json`;
  return json(200, `${JSON.stringify(document, null, 2)}\n`, {
    'content-disposition': `attachment; filename="${file}"`,
  });
};

/** @returns the version of `If-Match`; undefined without one, and for `*` @throws INVALID_VALUE */
function expectedVersion(request: Incoming): string | undefined {
  const header = request.header('if-match')?.trim();
  if (header === undefined || header === '*') return undefined;
  const version = /^"([\w-]+)"$/.exec(header)?.[1];
  if (version !== undefined) return version;
  throw invalidTag();
}

const invalidTag = (): Fault =>
  fault('INVALID_VALUE', 'If-Match must be one entity tag in quotation marks.', {
    target: 'if-match',
    hint: 'Send back the ETag of the mapper, such as "3".',
  });

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    throw fault('NOT_FOUND', 'There is no such mapper.');
  }
}

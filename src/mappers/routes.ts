// REST for mappers: /api/mappers.

import { type Fault, fault } from '../base/errors.ts';
import { anonymous } from '../base/principal.ts';
import { readJsonObject } from '../http/message/json-body.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { type Operation, servedAs } from '../http/message/operation.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { paramsOf } from '../http/rest/path-params.ts';
import { type Caller, restRoute } from '../http/rest/rest-route.ts';
import { mapperJsonSchema } from './document/schema.ts';
import { mapperOperations } from './operations.ts';
import type { MapperCaller } from './services/caller.ts';
import type { Mappers } from './services/create-mappers.ts';
import type { MapperView } from './services/mapper-view.ts';

/** Look-up tables may be long. */
const documentBytesMax = 1_048_576;

/** @returns the routes: list, create, read, replace and delete mappers; their versions; and the JSON schema of documents */
export function mapperRoutes({ mappers }: { readonly mappers: Mappers }): Route[] {
  const { create, schema } = mapperOperations;
  return [
    restRoute(mapperOperations.list, async ({ query: { entity } }, caller) => ({
      mappers: (await mappers.list(asMapperCaller(caller), entity)).map(
        ({ document: _, ...mapper }) => mapper,
      ),
    })),
    {
      ...servedAs(create),
      async handle(request, principal) {
        const made = await mappers.create({ principal, request }, await documentIn(request));
        return shown(made, 201, { location: `${create.path}/${made.id}` });
      },
    },
    { ...servedAs(schema), handle: () => json(200, mapperJsonSchema()) },
    ...ofOneMapper(mappers),
  ];
}

type Act = (caller: MapperCaller, id: string, request: Incoming) => Promise<Answer>;

function ofOneMapper(mappers: Mappers): Route[] {
  const { get, document, versions, replace, remove } = mapperOperations;
  return [
    route(get, async (caller, id) => shown(await mappers.find(caller, id))),
    route(document, async (caller, id) => download(await mappers.find(caller, id))),
    route(versions, async (caller, id) => json(200, { versions: await mappers.versions(caller, id) })),
    route(replace, async (caller, id, request) =>
      shown(await mappers.replace(caller, id, await documentIn(request), expectedVersion(request))),
    ),
    route(remove, async (caller, id, request) => {
      await mappers.remove(caller, id, expectedVersion(request));
      return { status: 204 };
    }),
  ];
}

const route = (operation: Operation, act: Act): Route => ({
  ...servedAs(operation),
  handle: (request, principal) =>
    act({ principal, request }, paramsOf(operation.path, request.path).id ?? '', request),
});

const documentIn = (request: Incoming) => readJsonObject(request, documentBytesMax);

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

const asMapperCaller = ({ principal = anonymous, request }: Caller): MapperCaller => ({ principal, request });

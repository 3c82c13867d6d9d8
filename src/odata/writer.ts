// Write requests: POST, PUT, PATCH and DELETE.

import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { writtenBy } from '../query/change/actor.ts';
import { oncePerPermitted } from '../query/permitted/cache.ts';
import type { Handler } from './model/handler.ts';
import type { PartScope } from './model/part-scope.ts';
import { type DataResource, type Resource, resolveResource } from './model/resource.ts';
import type { Service } from './model/service.ts';
import type { keptModels, VisibleModel } from './model/visible-model.ts';
import { parseOptions } from './parse/options.ts';
import { parsePath } from './parse/path.ts';
import { refuseListOptions } from './translate/to-query.ts';
import { negotiateJson } from './url/media-type.ts';
import { checkPayloadVersion, versionOf } from './url/protocol.ts';
import { withoutReference } from './url/reference-path.ts';
import { belowRoot } from './url/service-root.ts';
import { parseUrl } from './url/url.ts';
import { type Operation, operationOf } from './write/operations.ts';
import { readBytes } from './write/read-body.ts';
import { writableModel } from './write/writable-model.ts';
import { toWriteFault } from './write/write-fault.ts';
import type { WriteRequest } from './write/write-request.ts';

interface Models {
  readonly readable: VisibleModel;
  readonly model: VisibleModel;
}

/** @returns the handler of POST, PUT, PATCH and DELETE */
export function createWriter(service: Service, modelOf: ReturnType<typeof keptModels>): Handler {
  const writableOf = oncePerPermitted(writableModel);
  const modelsOf = (principal: Principal): Models => ({
    readable: modelOf(principal),
    model: writableOf(service.engine.permitted(principal)),
  });
  return async (request, principal, scope) => {
    checkPayloadVersion(request);
    const { operation, ...parsed } = readRequest(modelsOf(principal), request);
    const body = await bodyOf(service, request, parsed.resource);
    return perform(operation, { ...parsed, service, request, principal, scope, body });
  };
}

type ParsedRequest = Omit<WriteRequest, 'service' | 'request' | 'principal' | 'scope' | 'body'>;

function readRequest(models: Models, request: Incoming): ParsedRequest & { readonly operation: Operation } {
  const url = parseUrl(belowRoot(request), request.query);
  const { segments, isReference } = withoutReference(url.segments);
  const resource = resolveResource(models.model, parsePath(segments));
  const operation = operationOf(request.method, resource, isReference);
  const { $id: id, ...rest } = Object.fromEntries(url.options);
  const options = parseOptions({ ...url, options: new Map(Object.entries(rest)) as typeof url.options });
  refuseListOptions(options);
  const format = url.options.get('$format')?.text;
  const form = negotiateJson(
    request.header('accept'),
    format,
    versionOf(request),
    isText(resource) ? 'text' : 'json',
  );
  return { ...models, operation, segments, resource: resource as DataResource, options, id: id?.text, form };
}

const isText = (resource: Resource): boolean => resource.kind === 'data' && resource.of === 'value';

function bodyOf({ config }: Service, request: Incoming, { of, property }: DataResource): Promise<string> {
  const { bodyBytesMax } = config.limits;
  const isBytes = of === 'value' && property?.type.scalar === 'Bytes';
  return isBytes ? readBytes(request, bodyBytesMax) : request.text(bodyBytesMax);
}

/** In a batch, the Idempotency-Key applies to the batch as a whole. */
async function perform(operation: Operation, write: WriteRequest): Promise<Answer> {
  const { service, request, principal, scope } = write;
  const once = scope.session
    ? undefined
    : await service.idempotency.claimOf(request, principal, () => fingerprint(write));
  try {
    if (!once) return await operation(write);
    return await once.perform(writtenBy(principal), async session => ({
      answer: await operation({ ...write, scope: { ...scope, session } satisfies PartScope }),
      keep: true,
    }));
  } catch (error) {
    throw toWriteFault(error);
  }
}

/** Headers that distinguish one request from another. */
const relevantHeaders = [
  'accept',
  'prefer',
  'odata-maxversion',
  'if-match',
  'if-none-match',
  'content-type',
] as const;

const fingerprint = ({ request, body }: WriteRequest): string =>
  fingerprintOf(
    request.method,
    request.path,
    request.query,
    ...relevantHeaders.map(name => request.header(name) ?? ''),
    body,
  );

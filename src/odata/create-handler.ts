// Handles one request, whether it is sent on its own or as part of a batch.

import { fault } from '../base/errors.ts';
import type { Handler } from './model/handler.ts';
import { servedMethods } from './model/handler.ts';
import type { Service } from './model/service.ts';
import { keptModels } from './model/visible-model.ts';
import { createReader } from './reader.ts';
import { withPreferences } from './url/preferences.ts';
import { checkIsolation, checkVersion, withVersion } from './url/protocol.ts';
import { createWriter } from './writer.ts';

/** @returns the handler of all requests except batches */
export function createHandler(service: Service): Handler {
  const modelOf = keptModels(service.engine);
  const read = createReader(service, modelOf);
  const write = createWriter(service, modelOf);
  return async (request, principal, scope) => {
    checkVersion(request);
    checkIsolation(request);
    if (!isServed(request.method)) throw notAllowed(request.method);
    const handle = request.method === 'GET' ? read : write;
    return withVersion(withPreferences(await handle(request, principal, scope), request), request);
  };
}

const isServed = (method: string): boolean => (servedMethods as readonly string[]).includes(method);

const notAllowed = (method: string) =>
  fault('METHOD_NOT_ALLOWED', `${method} is not supported.`, {
    headers: { allow: servedMethods.join(', ') },
  });

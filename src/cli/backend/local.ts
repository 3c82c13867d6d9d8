// The REST API without a server: the handlers of its routes, called directly. No permission check: the caller can read the
// database anyway.

import { fault } from '../../base/errors.ts';
import { checkInput } from '../../http/rest/read-input.ts';
import { createRestRoutes } from '../../rest-routes.ts';
import type { Terminal } from '../terminal/terminal.ts';

import { openStored } from './open-stored.ts';
import type { Perform } from './perform.ts';

export interface Local {
  readonly perform: Perform;
  close(): Promise<void>;
}

/** @throws as `openStored` */
export async function openLocal(env: Terminal['env']): Promise<Local> {
  await using opening = new AsyncDisposableStack();
  const core = opening.adopt(await openStored(env), it => it.close());
  const { routes } = opening.use(createRestRoutes(core));
  const open = opening.move();
  return {
    async perform(operation, { params = {}, query = {}, body }) {
      const route = routes.find(one => one.operation === operation);
      if (!route) throw fault('NOT_IMPLEMENTED', `${operation.summary}: this needs a running server.`);
      const input = checkInput(operation, asJson({ params, query, body }));
      return asJson(await route.perform(input, {}));
    },
    close: () => open.disposeAsync(),
  };
}

/** As over HTTP: dates become strings, and undefined members are left out. */
const asJson = <T>(value: T): T => (value === undefined ? value : JSON.parse(JSON.stringify(value)));

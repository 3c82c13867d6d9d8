// Another instance over the database of a test server.

import project from '../../portolan.config.ts';
import { type App, createApp } from '../../src/app.ts';
import { createAuth } from '../../src/auth/create-auth.ts';
import type { Database } from '../../src/base/database/database.ts';
import { openDatabase } from '../../src/base/database/open-database.ts';
import { createLog } from '../../src/base/log.ts';
import { createPrisma } from '../../src/platform/prisma.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import type { TestServer } from '../harness.ts';

export interface Instance extends Pick<TestServer, 'fetch'> {
  readonly app: App;
  readonly database: Database;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openInstance({ config, catalog }: TestServer): Promise<Instance> {
  const log = createLog(config);
  const database = await openDatabase(config, log);
  const prisma = createPrisma(database);
  const engine = createEngine({ catalog, database, limits: config.limits });
  const auth = createAuth({ database, prisma, config, log, catalog });
  const app = createApp({ project, config, log, database, prisma, engine, auth });
  return {
    app,
    database,
    fetch: (path, { key = '', json, headers, ...init } = {}) =>
      app.fetch(
        new Request(config.publicUrl + path, {
          method: json === undefined ? 'GET' : 'POST',
          ...init,
          headers: { 'x-api-key': key, 'content-type': 'application/json', ...(headers as object) },
          body: json === undefined ? undefined : JSON.stringify(json),
        }),
      ),
    async [Symbol.asyncDispose]() {
      await app.close();
      await auth.close();
      await prisma.$disconnect();
      await database.close();
    },
  };
}

// A whole server without a port, over a database of its own: what tests of doors talk to.

import { entities } from '../schema/index.ts';
import { type App, createApp } from '../src/app.ts';
import { type Auth, createAuth } from '../src/auth/create-auth.ts';
import { prepareFirstStart } from '../src/auth/first-start.ts';
import type { Role } from '../src/auth/scopes/roles.ts';
import { type Config, readConfig } from '../src/base/config/config.ts';
import type { Database } from '../src/base/database/database.ts';
import { createPrisma, type PrismaClient } from '../src/base/database/prisma.ts';
import { createLog } from '../src/base/log.ts';
import type { Catalog } from '../src/catalog/catalog.ts';
import { createCatalog } from '../src/catalog/create-catalog.ts';
import { loadDatamodel } from '../src/catalog/load-datamodel.ts';
import { installChangeLog } from '../src/changes/install.ts';
import { FetchIncoming } from '../src/http/node/incoming-fetch.ts';
import { createEngine } from '../src/query/create-engine.ts';
import type { Engine } from '../src/query/engine.ts';
import { installSearchIndexes } from '../src/query/install-search.ts';
import { deriveSecret, loadPeppers, newestPepper } from '../src/safestore/peppers.ts';
import { openTestDatabase } from './test-database.ts';

export { openTestDatabase, type TestDatabase } from './test-database.ts';

export interface TestServer {
  readonly app: App;
  readonly config: Config;
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly auth: Auth;
  readonly engine: Engine;
  readonly catalog: Catalog;
  /** A key that may do everything, restricted fields included. */
  readonly adminKey: string;
  /** @param path such as `/odata/products?$top=1` */
  fetch(path: string, init?: TestRequest): Promise<Response>;
  /** @returns a new key with these scopes, and no others */
  createKey(...scopes: string[]): Promise<string>;
  /**
   * @param email the administrator by default; anybody else is made where they are not there yet
   * @param standing what somebody new may do; by default a viewer
   * @returns the header `cookie` of a new session; what changes something needs `sec-fetch-site: same-origin` besides
   */
  signIn(email?: string, standing?: { role?: Role | null; scopes?: string[] }): Promise<string>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Without `key` the request carries no credential. */
export type TestRequest = RequestInit & {
  /** Sent as `X-API-Key`. */
  readonly key?: string;
  /** Sent as a JSON body, with POST unless a method is given. */
  readonly json?: unknown;
};

export interface TestServerOptions {
  /** Whether the demo catalogue is loaded. */
  readonly demo?: boolean;
  /** Variables of the environment, as for `npm start`. */
  readonly env?: Readonly<Record<string, string>>;
}

const adminEmail = 'admin@example.com';

const testEnvironment = {
  LOG_LEVEL: 'silent',
  LOG_FORMAT: 'json',
  // Suites ask more than anybody would.
  RATE_LIMIT: '0',
  ADMIN_EMAIL: adminEmail,
  SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
};

/** Close it when the tests of the file are done: `afterAll(() => server.close())`. */
export async function startServer({ demo, env }: TestServerOptions = {}): Promise<TestServer> {
  const opened = await openTestDatabase({ demo });
  const { database } = opened;
  try {
    const config = readConfig({ ...testEnvironment, ...opened.env, ...env });
    const log = createLog(config);
    const prisma = createPrisma(database);
    const catalog = createCatalog(loadDatamodel(), entities);
    await installSearchIndexes(database, catalog);
    await installChangeLog(database, catalog);
    const cursorSecret = deriveSecret(newestPepper(loadPeppers(config)), 'cursors');
    const engine = createEngine({ catalog, database, limits: config.limits, cursorSecret });
    const auth = createAuth({ database, prisma, config, log, catalog });
    const firstStart = await prepareFirstStart({ prisma, config, auth, catalog, log });
    const app = createApp({ config, log, database, prisma, engine, auth });
    const createKey = async (...scopes: string[]) =>
      (await auth.keys.create({ email: adminEmail, name: scopes.join(' ').slice(0, 100) || 'none', scopes }))
        .key;
    const signIn: TestServer['signIn'] = async (
      email = adminEmail,
      { role = 'viewer', scopes = [] } = {},
    ) => {
      const create = { email, role, scopes };
      const { id } = await prisma.user.upsert({ where: { email }, create, update: {} });
      const request = new FetchIncoming(new Request(config.publicUrl), '192.0.2.7');
      return (await auth.sessions.start(id, request)).cookie.split(';')[0]!;
    };
    const close = async () => {
      await app.close();
      await auth.close();
      await prisma.$disconnect();
      await opened.close();
    };
    return {
      ...{ app, config, database, prisma, auth, engine, catalog, createKey, signIn, close },
      adminKey: firstStart?.apiKey ?? env?.ADMIN_API_KEY ?? '',
      fetch: (path, init) => app.fetch(toRequest(config.publicUrl, path, init)),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function toRequest(publicUrl: string, path: string, { key, json, ...init }: TestRequest = {}): Request {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('x-api-key', key);
  if (json === undefined) return new Request(publicUrl + path, { ...init, headers });
  headers.set('content-type', 'application/json');
  return new Request(publicUrl + path, { method: 'POST', ...init, headers, body: JSON.stringify(json) });
}

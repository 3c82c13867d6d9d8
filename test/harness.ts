// A whole server without a port, over a database of its own: what tests of doors talk to.

import { afterAll, beforeAll } from 'vitest';
import project from '../portolan.config.ts';
import type { App } from '../src/app.ts';
import { assemble } from '../src/assemble.ts';
import type { Auth } from '../src/auth/create-auth.ts';
import type { Role } from '../src/auth/scopes/roles.ts';
import { type Config, readConfig } from '../src/base/config/config.ts';
import type { Database } from '../src/base/database/database.ts';
import { createLog } from '../src/base/log.ts';
import type { Catalog } from '../src/catalog/catalog.ts';
import { FetchIncoming } from '../src/http/node/incoming-fetch.ts';
import type { PrismaClient } from '../src/platform/prisma.ts';
import { catalogOf, type Project } from '../src/project.ts';
import type { Engine } from '../src/query/engine.ts';
import { checkExchange } from './openapi/check-exchange.ts';
import { openTestDatabase } from './test-database.ts';

export { openTestDatabase, type TestDatabase } from './test-database.ts';

export interface TestServer {
  readonly app: App;
  readonly project: Project;
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
  /** Makes the tables of another model than the project's, and gives its catalog. */
  readonly model?: (database: Database) => Promise<Catalog>;
  /** Variables of the environment, as for `npm start`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Connections to PostgreSQL. */
  readonly databasePoolMax?: number;
  /** Whether background jobs run. */
  readonly jobs?: boolean;
  /** Whether webhooks are sent. */
  readonly webhooks?: boolean;
}

const adminEmail = 'admin@example.com';

const testEnvironment = {
  LOG_LEVEL: 'silent',
  LOG_FORMAT: 'json',
  // Suites ask more than anybody would.
  RATE_LIMIT: '0',
  COST_LIMIT: '0',
  OVERLOAD_DELAY_MS: '0',
  // The templates have it already.
  DEMO_DATA: 'false',
  ADMIN_EMAIL: adminEmail,
  SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
};

/** @returns a server for all tests of a file: started before the first of them, closed after the last */
export function serverForFile(options?: TestServerOptions): TestServer {
  const server = {} as TestServer;
  beforeAll(async () => {
    Object.assign(server, await startServer(options));
  });
  afterAll(() => server.close?.());
  return server;
}

/** For tests that start a server of their own, and close it. Others use `serverForFile`. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { demo, model, env, databasePoolMax } = options;
  const opened = await openTestDatabase({ demo, databasePoolMax });
  const { database } = opened;
  try {
    const config = readConfig({ ...testEnvironment, ...opened.env, ...env });
    const log = createLog(config);
    const catalog = model ? await model(database) : catalogOf(project);
    // The project's mappers are about the project's sets.
    const served = model ? { ...project, mappers: [] } : project;
    const assembly = await assemble({ project: served, catalog, config, log, database, statistics: false });
    const { prisma, auth } = assembly;
    if (options.jobs) await assembly.app.jobs.start();
    if (options.webhooks) assembly.app.webhooks.start();
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
      await assembly[Symbol.asyncDispose]();
      await opened.close();
    };
    return {
      ...assembly,
      createKey,
      signIn,
      close,
      adminKey: assembly.firstStart?.apiKey ?? env?.ADMIN_API_KEY ?? '',
      fetch: (path, init) => fetchChecked(assembly.app, toRequest(config.publicUrl, path, init)),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Responses of the REST API are as its OpenAPI document says, in every test. */
async function fetchChecked(app: App, request: Request): Promise<Response> {
  const body =
    request.headers.get('content-type') === 'application/json' ? await request.clone().text() : undefined;
  const response = await app.fetch(request);
  await checkExchange(request, body, response);
  return response;
}

function toRequest(publicUrl: string, path: string, { key, json, ...init }: TestRequest = {}): Request {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('x-api-key', key);
  if (json === undefined) return new Request(publicUrl + path, { ...init, headers });
  headers.set('content-type', 'application/json');
  return new Request(publicUrl + path, { method: 'POST', ...init, headers, body: JSON.stringify(json) });
}

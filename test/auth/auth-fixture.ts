import { randomBytes } from 'node:crypto';
import { type Auth, createAuth } from '../../src/auth/create-auth.ts';
import { checksum, makeApiKey } from '../../src/auth/keys/api-key.ts';
import type { NewKey } from '../../src/auth/keys/keys.ts';
import { type Config, readConfig } from '../../src/base/config/config.ts';
import type { Database } from '../../src/base/database/database.ts';
import { createLog, type Logger } from '../../src/base/log.ts';
import type { Principal } from '../../src/base/principal.ts';
import type { Incoming } from '../../src/http/message/message.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { createPrisma, type PrismaClient } from '../../src/platform/prisma.ts';
import { openTestDatabase } from '../test-database.ts';

export const catalog = {
  scopes: ['read', 'write', 'admin', 'products:read', 'products:write', 'products.cost:read'],
};

export interface AuthWorld {
  readonly auth: Auth;
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly log: Logger;
  /** Every log line, as written. */
  readonly logLines: string[];
  /** Every statement of the fast path, in order, except Prisma's own. */
  readonly queries: string[];
  readonly database: Database;
  readonly owner: { readonly id: string; readonly email: string };
  createKey(more?: Partial<NewKey>): Promise<{ id: string; key: string }>;
  /** Another server that shares only the database. */
  instance(): Auth;
  close(): Promise<void>;
}

/** Everything that authentication needs, over its own database with one administrator. */
export async function openAuthWorld(env: Record<string, string> = {}): Promise<AuthWorld> {
  const opened = await openTestDatabase();
  const config = readConfig({ SAFESTORE_PEPPERS: pepper(1), LOG_FORMAT: 'json', ...opened.env, ...env });
  const logLines: string[] = [];
  const log = createLog(config, { write: line => void logLines.push(line) });
  const queries: string[] = [];
  const database = counted(opened.database, queries);
  const prisma = createPrisma(database);
  const owner = await prisma.user.create({ data: { email: 'owner@example.com', scopes: catalog.scopes } });
  const parts = { database, prisma, config, log, catalog };
  const auth = createAuth(parts);
  return {
    ...{ auth, prisma, config, log, logLines, queries, database, owner },
    createKey: more => auth.keys.create({ email: owner.email, name: 'Test', scopes: ['read'], ...more }),
    instance: () => createAuth(parts),
    async close() {
      await auth.close();
      await opened.close();
    },
  };
}

/** @returns a new pepper in the format of SAFESTORE_PEPPERS */
export const pepper = (version: number): string => `${version}:${randomBytes(32).toString('base64')}`;

/** @returns a request with these headers */
export const request = (headers: Record<string, string> = {}, path = '/'): Incoming =>
  new FetchIncoming(new Request(`http://localhost${path}`, { headers }), '192.0.2.7');

/** @returns a principal with these scopes */
export function principalWith(...scopes: string[]): Principal {
  const more = { id: 'AbCdEfGhIjKl', userId: '11111111-1111-4111-8111-111111111111', name: 'Test' };
  return { kind: 'key', ...more, scopes: new Set(scopes), scopeKey: scopes.join(' ') };
}

export const withKey = (key: string): Incoming => request({ 'x-api-key': key });

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** @returns a well-formed key with the same id and another secret */
export function withOtherSecret(key: string): string {
  const body = key.slice(0, 16) + makeApiKey().key.slice(16, -6);
  return body + checksum(body);
}

function counted(database: Database, queries: string[]): Database {
  return {
    kind: database.kind,
    pool: database.pool,
    listen: database.listen,
    query: (text, values, options) => {
      queries.push(text);
      return database.query(text, values, options);
    },
    transaction: work => database.transaction(work),
    close: () => database.close(),
  };
}

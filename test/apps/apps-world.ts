// Apps without doors: the real services over a database of its own, with an administrator and three other people.

import { createApps } from '../../src/apps/services/create-apps.ts';
import { asManager, type Manager } from '../../src/apps/services/manager.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { ownedScopes, type Role } from '../../src/auth/scopes/roles.ts';
import { readConfig } from '../../src/base/config/config.ts';
import { createLog } from '../../src/base/log.ts';
import type { Principal } from '../../src/base/principal.ts';
import { createPrisma } from '../../src/platform/prisma.ts';
import { loadPeppers } from '../../src/safestore/peppers.ts';
import { createSafestore } from '../../src/safestore/safestore.ts';
import { createUserKeys } from '../../src/safestore/user-keys.ts';
import { pepper } from '../auth/auth-fixture.ts';
import { openTestDatabase } from '../test-database.ts';

export const knownScopes = [
  'read',
  'write',
  'admin',
  'products:read',
  'products:write',
  'products.cost:read',
];

export type AppsWorld = Awaited<ReturnType<typeof openAppsWorld>>;

export async function openAppsWorld(env: Record<string, string> = {}) {
  const opened = await openTestDatabase();
  const config = readConfig({ SAFESTORE_PEPPERS: pepper(1), LOG_FORMAT: 'json', ...opened.env, ...env });
  const logLines: string[] = [];
  const log = createLog(config, { write: line => void logLines.push(line) });
  const prisma = createPrisma(opened.database);
  const safestore = createSafestore({ peppers: loadPeppers(config), userKeys: createUserKeys(prisma) });
  const audit = createAudit({ database: opened.database, log });
  const events: AuditEvent[] = [];
  const record = async (event: AuditEvent) => {
    events.push(event);
    await audit.record(event);
  };
  const parts = { prisma, safestore, config, log, catalog: { scopes: knownScopes }, audit: { record } };
  const apps = createApps(parts);
  const person = async (name: string, role: Role | null): Promise<Person> => {
    const user = await prisma.user.create({ data: { email: `${name}@example.com`, name, role } });
    return { id: user.id, email: user.email, manager: asManager(sessionOf(user)) };
  };
  return {
    ...{ apps, prisma, events, logLines, database: opened.database },
    admin: await person('admin', 'administrator'),
    developer: await person('developer', 'editor'),
    other: await person('other', 'editor'),
    user: await person('user', 'viewer'),
    /** Another server over the same database: it shares nothing else. */
    instance: () =>
      createApps({
        ...parts,
        safestore: createSafestore({ peppers: loadPeppers(config), userKeys: createUserKeys(prisma) }),
      }),
    async close() {
      await apps.close();
      await prisma.$disconnect();
      await opened.close();
    },
  };
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly manager: Manager;
}

const sessionOf = ({ id, role, scopes }: { id: string; role: Role | null; scopes: string[] }): Principal =>
  principalOf('session', id, ownedScopes({ role, scopes }, knownScopes));

export const principalOf = (
  kind: Principal['kind'],
  userId: string,
  scopes: readonly string[],
): Principal => ({
  ...{ kind, userId, id: `${kind} of ${userId}`, name: kind },
  scopes: new Set(scopes),
  scopeKey: [...scopes].sort().join(' '),
});

export const draft = {
  name: 'Stock report',
  redirectUris: ['https://report.example/oauth/callback'],
  scopes: ['read'],
  confidential: true,
} as const;

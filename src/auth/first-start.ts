// The first start of an installation creates an administrator and an API key with every scope. Done once, by one instance.

import { randomInt, randomUUID } from 'node:crypto';
import type { Config } from '../base/config/config.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { PrismaClient } from '../platform/prisma.ts';
import { loadPeppers } from '../safestore/peppers.ts';
import { createSafestore } from '../safestore/safestore.ts';
import { fixedUserKey } from '../safestore/user-keys.ts';
import type { Auth } from './create-auth.ts';
import { widenFirstKey } from './first-key.ts';
import { type ApiKey, makeApiKey, readApiKey } from './keys/api-key.ts';
import { toRow } from './keys/sealed-key.ts';

/** What to show once. Secrets from the configuration are left out. */
export interface FirstStart {
  readonly email: string;
  readonly password?: string;
  readonly apiKey?: string;
}

export interface FirstStartDeps {
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly auth: Auth;
  readonly catalog: { readonly scopes: readonly string[] };
  readonly log: Logger;
}

const setting = 'first-start';

/**
 * Creates the administrator. If that was done before, gives the first key the scopes added to the catalog since.
 * @returns undefined when there was nothing to do, or another instance did it
 * @throws INVALID_VALUE for a malformed ADMIN_API_KEY
 */
export async function prepareFirstStart(deps: FirstStartDeps): Promise<FirstStart | undefined> {
  if (await isDone(deps.prisma)) {
    await widenFirstKey(deps, setting);
    return undefined;
  }
  const { config, log } = deps;
  const email = config.adminEmail.toLowerCase();
  const password = config.adminPassword ?? makePassword();
  const key = config.adminApiKey === undefined ? makeApiKey() : readConfiguredKey(config.adminApiKey);
  if (!(await store(deps, email, password, key))) return undefined;
  log.info({ email, keyId: key.id }, 'created the first administrator');
  await deps.auth.audit.record({ kind: 'first-start', subject: key.id, details: { email } });
  return {
    email,
    password: config.adminPassword === undefined ? password : undefined,
    apiKey: config.adminApiKey === undefined ? key.key : undefined,
  };
}

/** Whether the first administrator does not exist yet. */
export const isFirstStart = async (prisma: PrismaClient): Promise<boolean> => !(await isDone(prisma));

const isDone = async (prisma: PrismaClient): Promise<boolean> =>
  (await prisma.setting.findUnique({ where: { name: setting } })) !== null;

function readConfiguredKey(text: string): ApiKey {
  const key = readApiKey(text);
  if (key) return key;
  throw fault('INVALID_VALUE', 'ADMIN_API_KEY is not a valid API key.', {
    hint: 'Leave it out to have one generated, or create one with "portolan keys generate".',
  });
}

/**
 * Stores all rows in one transaction, the setting first: its primary key lets one instance through, and the others wait.
 * @returns whether this instance created the administrator
 */
async function store(
  { prisma, config, auth, catalog }: FirstStartDeps,
  email: string,
  password: string,
  key: ApiKey,
) {
  const userId = randomUUID();
  const scopes = [...catalog.scopes];
  const userKeys = fixedUserKey();
  const safestore = createSafestore({ peppers: loadPeppers(config), userKeys });
  const { version, key: userKey } = await userKeys.newest(userId);
  const user = {
    id: userId,
    email,
    name: 'Administrator',
    role: 'administrator' as const,
    emailVerifiedAt: new Date(),
  };
  const row = await toRow(safestore, key, { userId, name: 'First key', scopes });
  const passwordHash = await auth.passwords.hash(password);
  try {
    await prisma.$transaction([
      prisma.setting.create({
        data: { name: setting, value: { userId, at: new Date().toISOString(), keyId: key.id, scopes } },
      }),
      prisma.user.create({ data: { ...user, passwordHash } }),
      prisma.userKey.create({ data: { userId, version, key: Uint8Array.from(userKey) } }),
      prisma.apiKey.create({ data: row }),
    ]);
    return true;
  } catch (error) {
    if (await isDone(prisma)) return false;
    throw error;
  }
}

/** Without characters that are easily confused when copied by hand. */
const readable = 'abcdefghijkmnpqrstuvwxyz23456789';

/** @returns five groups of four: 100 random bits */
function makePassword(): string {
  const group = () => Array.from({ length: 4 }, () => readable[randomInt(readable.length)]).join('');
  return Array.from({ length: 5 }, group).join('-');
}

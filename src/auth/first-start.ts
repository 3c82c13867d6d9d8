// The first start of an installation: one administrator with one API key that may do everything. Done once, by one instance.

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

/** What is to be shown once. A secret that the configuration gave is not repeated. */
export interface FirstStart {
  readonly email: string;
  readonly password?: string;
  readonly apiKey?: string;
}

export interface FirstStartParts {
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly auth: Auth;
  readonly catalog: { readonly scopes: readonly string[] };
  readonly log: Logger;
}

const setting = 'first-start';

/**
 * Makes the administrator, unless that was done before: then the first key gets what the catalog has gained since.
 * @returns undefined where there was nothing to do, or another instance did it
 * @throws INVALID_VALUE for an ADMIN_API_KEY that is not well formed
 */
export async function prepareFirstStart(parts: FirstStartParts): Promise<FirstStart | undefined> {
  if (await isDone(parts.prisma)) {
    await widenFirstKey(parts, setting);
    return undefined;
  }
  const { config, log } = parts;
  const email = (config.adminEmail ?? 'admin@localhost').toLowerCase();
  const password = config.adminPassword ?? makePassword();
  const key = config.adminApiKey === undefined ? makeApiKey() : readConfiguredKey(config.adminApiKey);
  if (!(await store(parts, email, password, key))) return undefined;
  log.info({ email, keyId: key.id }, 'made the first administrator');
  await parts.auth.audit.record({ kind: 'first-start', subject: key.id, details: { email } });
  return {
    email,
    password: config.adminPassword === undefined ? password : undefined,
    apiKey: config.adminApiKey === undefined ? key.key : undefined,
  };
}

/** Whether nobody has made the first administrator yet. */
export const isFirstStart = async (prisma: PrismaClient): Promise<boolean> => !(await isDone(prisma));

const isDone = async (prisma: PrismaClient): Promise<boolean> =>
  (await prisma.setting.findUnique({ where: { name: setting } })) !== null;

function readConfiguredKey(text: string): ApiKey {
  const key = readApiKey(text);
  if (key) return key;
  throw fault('INVALID_VALUE', 'ADMIN_API_KEY is not a whole API key.', {
    hint: 'Leave it out and one is made up, or make one with "portolan keys generate".',
  });
}

/**
 * All rows in one transaction, the setting first: its primary key lets one instance through, and the others wait for it.
 * @returns whether this instance was the one
 */
async function store(
  { prisma, config, auth, catalog }: FirstStartParts,
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

/** Without characters that are taken for one another when copied by hand. */
const readable = 'abcdefghijkmnpqrstuvwxyz23456789';

/** @returns five groups of four: 100 random bits */
function makePassword(): string {
  const group = () => Array.from({ length: 4 }, () => readable[randomInt(readable.length)]).join('');
  return Array.from({ length: 5 }, group).join('-');
}

import { afterEach, expect, test } from 'vitest';
import { createAuth } from '../../src/auth/create-auth.ts';
import { type FirstStart, isFirstStart, prepareFirstStart } from '../../src/auth/first-start.ts';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { readConfig } from '../../src/base/config/config.ts';
import { openDatabase } from '../../src/base/database/open-database.ts';
import { createLog } from '../../src/base/log.ts';
import { createPrisma } from '../../src/platform/prisma.ts';
import { openTestDatabase } from '../test-database.ts';
import { catalog, pepper, withKey } from './auth-fixture.ts';

type Env = Record<string, string | undefined>;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** @returns the environment of a new installation */
async function newInstallation(): Promise<{ env: Env; parts: Parts }> {
  const opened = await openTestDatabase();
  closing.push(opened.close);
  const env = { LOG_FORMAT: 'json', SAFESTORE_PEPPERS: pepper(1), ...opened.env };
  return { env, parts: partsOf(env, opened.database) };
}

type Parts = ReturnType<typeof partsOf>;

function partsOf(
  env: Env,
  database: Parameters<typeof createPrisma>[0] & Parameters<typeof createAuth>[0]['database'],
) {
  const config = readConfig(env);
  const lines: string[] = [];
  const log = createLog(config, { write: line => void lines.push(line) });
  const prisma = createPrisma(database);
  return {
    database,
    prisma,
    config,
    log,
    catalog,
    lines,
    auth: createAuth({ database, prisma, config, log, catalog }),
  };
}

const withEnv = ({ database }: Parts, env: Env) => partsOf(env, database);

test('the first start creates an administrator with a strong password and a key with every scope', async () => {
  const { parts } = await newInstallation();
  expect(await isFirstStart(parts.prisma)).toBe(true);
  const made = await prepareFirstStart(parts);
  expect(await isFirstStart(parts.prisma)).toBe(false);
  expect(made).toEqual({
    email: 'admin@localhost',
    password: expect.stringMatching(/^([a-km-np-z2-9]{4}-){4}[a-km-np-z2-9]{4}$/),
    apiKey: expect.stringMatching(/^pk_/),
  });
  const user = await parts.prisma.user.findUniqueOrThrow({ where: { email: 'admin@localhost' } });
  expect([user.role, user.scopes]).toEqual(['administrator', []]);
  expect(await parts.auth.passwords.verify(user.passwordHash!, made!.password!)).toBe(true);
  const { events } = await parts.auth.audit.list();
  expect(events).toMatchObject([{ kind: 'first-start', subject: made!.apiKey!.slice(3, 15), actor: null }]);
  const principal = await parts.auth.authenticate(withKey(made!.apiKey!));
  expect([...principal.scopes].sort()).toEqual([...catalog.scopes].sort());
});

test('the first start happens once', async () => {
  const { parts } = await newInstallation();
  await prepareFirstStart(parts);
  expect(await prepareFirstStart(parts)).toBeUndefined();
  expect([await parts.prisma.user.count(), await parts.prisma.apiKey.count()]).toEqual([1, 1]);
});

test('the first start is not repeated when the administrator was deleted', async () => {
  const { parts } = await newInstallation();
  await prepareFirstStart(parts);
  await parts.prisma.user.deleteMany();
  expect(await prepareFirstStart(parts)).toBeUndefined();
});

test('the first start uses the configured secrets, and does not show them', async () => {
  const { env, parts } = await newInstallation();
  const { key } = makeApiKey();
  const given = { ADMIN_EMAIL: 'Boss@Example.com', ADMIN_PASSWORD: 'correct horse', ADMIN_API_KEY: key };
  const configured = withEnv(parts, { ...env, ...given });
  expect(await prepareFirstStart(configured)).toEqual({ email: 'boss@example.com' });
  const { passwordHash } = await parts.prisma.user.findUniqueOrThrow({
    where: { email: 'boss@example.com' },
  });
  expect(await configured.auth.passwords.verify(passwordHash!, 'correct horse')).toBe(true);
  expect(await configured.auth.authenticate(withKey(key))).toMatchObject({ id: key.slice(3, 15) });
});

test('a malformed ADMIN_API_KEY is refused by name, and nothing is stored', async () => {
  const { env, parts } = await newInstallation();
  const configured = withEnv(parts, { ...env, ADMIN_API_KEY: 'pk_secret' });
  await expect(prepareFirstStart(configured)).rejects.toThrow('ADMIN_API_KEY is not a valid API key.');
  expect([await parts.prisma.user.count(), await isFirstStart(parts.prisma)]).toEqual([0, true]);
});

test('the secrets of the first start are not logged', async () => {
  const { parts } = await newInstallation();
  const made = await prepareFirstStart(parts);
  const logged = parts.lines.join('');
  expect(logged).toContain('created the first administrator');
  for (const secret of [made!.password!, made!.apiKey!, made!.apiKey!.slice(16, -6)])
    expect(logged).not.toContain(secret);
});

test('a database error is not mistaken for another instance that was faster', async () => {
  const { parts } = await newInstallation();
  await parts.prisma.user.create({ data: { email: 'admin@localhost' } });
  await expect(prepareFirstStart(parts)).rejects.toThrow(/Unique constraint/);
  expect(await isFirstStart(parts.prisma)).toBe(true);
});

test('instances that start together create one administrator, and one of them shows the secrets', async () => {
  const { env, parts } = await newInstallation();
  const others = await Promise.all([1, 2].map(() => openInstance(env, parts)));
  const outcomes = await Promise.all([parts, ...others].map(prepareFirstStart));
  const shown = outcomes.filter((outcome): outcome is FirstStart => outcome !== undefined);
  expect(shown).toHaveLength(1);
  expect([await parts.prisma.user.count(), await parts.prisma.apiKey.count()]).toEqual([1, 1]);
  for (const instance of others)
    expect(await instance.auth.authenticate(withKey(shown[0]!.apiKey!))).toMatchObject({ kind: 'key' });
});

/** Another process over the same PostgreSQL. The embedded database allows one, so there the connection is shared. */
async function openInstance(env: Env, { database, log }: Parts): Promise<Parts> {
  if (database.kind === 'embedded') return partsOf(env, database);
  const own = await openDatabase(readConfig(env), log);
  closing.push(() => own.close());
  return partsOf(env, own);
}

test('the first key and its replacements get the scopes of fields that are restricted later', async () => {
  const { env, parts } = await newInstallation();
  const { apiKey = '' } = (await prepareFirstStart(parts)) ?? {};
  const scopesOf = async ({ auth }: Parts, key: string) => [
    ...(await auth.authenticate(withKey(key))).scopes,
  ];
  const startWith = async (...added: string[]) => {
    const later = { ...partsOf(env, parts.database), catalog: { scopes: [...catalog.scopes, ...added] } };
    const auth = createAuth(later);
    expect(await prepareFirstStart({ ...later, auth })).toBeUndefined();
    return { ...later, auth };
  };
  const other = await parts.auth.keys.create({ email: 'admin@localhost', name: 'x', scopes: catalog.scopes });
  const second = await startWith('products.margin:read');
  expect(await scopesOf(second, apiKey)).toContain('products.margin:read');
  expect(await scopesOf(second, other.key)).not.toContain('products.margin:read');
  const events = await second.prisma.auditEvent.findMany({ where: { kind: 'key.changed' } });
  expect(events).toMatchObject([{ details: { added: ['products.margin:read'] } }]);

  const rotated = await second.auth.keys.rotate(apiKey.slice(3, 15), { overlapMs: 60_000 });
  const third = await startWith('products.margin:read', 'products.weight:read');
  for (const key of [apiKey, rotated.key])
    expect(await scopesOf(third, key)).toEqual(
      expect.arrayContaining(['products.margin:read', 'products.weight:read']),
    );
  // Only once: a scope that was removed from the key stays removed.
  await third.prisma.apiKey.update({ where: { id: rotated.id }, data: { scopes: ['read'] } });
  const fourth = await startWith('products.margin:read', 'products.weight:read', 'products.origin:read');
  expect(await scopesOf(fourth, rotated.key)).toEqual(['read']);
  expect(await scopesOf(fourth, apiKey)).toContain('products.origin:read');
});

test('the first key of an older installation gets new scopes, but not if its owner is no longer an administrator', async () => {
  const { env, parts } = await newInstallation();
  const { apiKey = '' } = (await prepareFirstStart(parts)) ?? {};
  const user = await parts.prisma.user.findUniqueOrThrow({ where: { email: 'admin@localhost' } });
  const value = { userId: user.id, at: new Date().toISOString() };
  await parts.prisma.setting.update({ where: { name: 'first-start' }, data: { value } });
  const start = async (...added: string[]) =>
    prepareFirstStart({
      ...partsOf(env, parts.database),
      catalog: { scopes: [...catalog.scopes, ...added] },
    });
  const stored = async () =>
    (await parts.prisma.apiKey.findUniqueOrThrow({ where: { id: apiKey.slice(3, 15) } })).scopes;
  await start('products.margin:read');
  expect(await stored()).toContain('products.margin:read');
  await parts.prisma.user.update({ where: { id: user.id }, data: { role: 'viewer' } });
  await start('products.margin:read', 'products.weight:read');
  expect(await stored()).not.toContain('products.weight:read');
});

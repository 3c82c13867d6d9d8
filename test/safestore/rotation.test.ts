import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeStoredSecret, secretPlace } from '../../src/apps/services/stored-secret.ts';
import { type Auth, createAuth } from '../../src/auth/create-auth.ts';
import { keyPlace as signingPlace } from '../../src/auth/tokens/signing-keys.ts';
import type { Pepper } from '../../src/base/config/peppers.ts';
import { sealedColumns } from '../../src/safestore/sealed-columns.ts';
import { systemOwner } from '../../src/safestore/system-owner.ts';
import { type AuthWorld, catalog, openAuthWorld, withKey } from '../auth/auth-fixture.ts';

let world: AuthWorld;
beforeAll(async () => {
  world = await openAuthWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.prisma.user.deleteMany();
  await world.prisma.signingKey.deleteMany();
  await world.prisma.userKey.deleteMany();
});

const pepper = (version: number): Pepper => ({ version, secret: randomBytes(32) });
const [first, second, third] = [pepper(1), pepper(2), pepper(3)];
const under = (...peppers: Pepper[]): Auth =>
  createAuth({ ...world, config: { ...world.config, peppers }, catalog });

let users = 0;
async function newOwner(): Promise<{ id: string; email: string }> {
  return world.prisma.user.create({ data: { email: `owner-${++users}@example.com`, role: 'editor' } });
}

/** A key, an app's secret and a signing key, sealed by this server. @returns whether all of them open for another */
async function sealEverything(auth: Auth) {
  const { id: ownerId, email } = await newOwner();
  const { key } = await auth.keys.create({ email, name: 'x', scopes: ['read'] });
  const appId = `app-${ownerId}`;
  await world.prisma.oauthApp.create({
    data: { id: appId, ownerId, name: 'App', redirectUris: [], scopes: ['read'], confidential: true },
  });
  const { secret, row } = await makeStoredSecret(auth.safestore, { appId, ownerId, recoverable: true });
  await world.prisma.appSecret.create({ data: row });
  const kid = `kid-${ownerId}`;
  const sealed = Uint8Array.from(await auth.safestore.seal(signingPlace(kid), 'private'));
  await world.prisma.signingKey.create({
    data: { kid, algorithm: 'EdDSA', publicJwk: {}, sealed, retiredAt: new Date(), expiresAt: new Date() },
  });
  return {
    ownerId,
    key,
    async opensFor(other: Auth): Promise<boolean> {
      await other.authenticate(withKey(key));
      const app = await world.prisma.appSecret.findUniqueOrThrow({ where: { id: row.id } });
      const signing = await world.prisma.signingKey.findUniqueOrThrow({ where: { kid } });
      const opened = await Promise.all([
        other.safestore.open(secretPlace(ownerId, row.id), Buffer.from(app.sealed)),
        other.safestore.open(signingPlace(kid), Buffer.from(signing.sealed)),
      ]);
      return opened.map(String).join() === [secret, 'private'].join();
    },
  };
}

test('every sealed column of the schema is in the registry', async () => {
  const { rows } = await world.database.query(
    `SELECT '"' || table_schema || '"."' || table_name || '"', column_name FROM information_schema.columns WHERE column_name LIKE 'sealed%' ORDER BY 1`,
  );
  expect(rows).toEqual(sealedColumns.map(({ storedIn, column }) => [storedIn, column]).sort());
});

describe('a SafeStore rotation', () => {
  test('reseals everything with the newest pepper, and reports when the old one can be removed', async () => {
    const old = under(first);
    const sealed = await sealEverything(old);
    const both = under(second, first);
    expect(await both.sealRotation.status()).toMatchObject({
      newestPepper: 2,
      unusedPeppers: [],
      remaining: 3,
    });
    expect(await both.sealRotation.run()).toEqual({
      ...{ moved: 3, broken: 0, userKeysMade: 0, userKeysDropped: 0, next: null },
    });
    const status = await both.sealRotation.status();
    expect(status).toMatchObject({ remaining: 0, unusedPeppers: [1] });
    expect(status.sealed.map(({ table, pepper: version, stale }) => [table, version, stale])).toEqual(
      sealedColumns.map(({ table }) => [table, 2, 0]).sort(),
    );
    expect(await sealed.opensFor(under(second))).toBe(true);
    expect((await both.sealRotation.run()).moved).toBe(0);
  });

  test('can run on several instances at once, while keys are in use', async () => {
    const mine = under(second);
    const all = await Promise.all(Array.from({ length: 5 }, () => sealEverything(mine)));
    const instances = Array.from({ length: 3 }, () => under(third, second));
    const runs = instances.map(auth => auth.sealRotation.run());
    const uses = all.map(({ key }) => under(third, second).authenticate(withKey(key)));
    const results = await Promise.all(runs);
    expect(results.reduce((sum, one) => sum + one.moved, 0)).toBe(15);
    expect((await Promise.all(uses)).length).toBe(5);
    for (const sealed of all) expect(await sealed.opensFor(under(third))).toBe(true);
  });

  test('continues where its time ran out', async () => {
    const [old, newer] = [under(third), under(pepper(4), third)];
    await sealEverything(old);
    const { remaining } = await newer.sealRotation.status();
    let [steps, moved] = [0, 0];
    for (let from: string | undefined; ; ) {
      const done = await newer.sealRotation.run({ from, timeMs: 0 });
      steps += 1;
      moved += done.moved;
      if (done.next === null) break;
      from = done.next;
    }
    expect([moved, steps]).toEqual([remaining, remaining + 1]);
  });

  test.each(['x', 'portolan_user/a', 'portolan_api_key/\0', 'portolan_app_secret/x', 'portolan_api_key'])(
    'does not go on from %j',
    async from => {
      await expect(world.auth.sealRotation.run({ from })).rejects.toThrow(
        '"from" is not a position where a rotation stopped.',
      );
    },
  );

  test('counts values that cannot be opened, logs their rows, and reseals the rest', async () => {
    const auth = under(third);
    const [broken, whole] = [await sealEverything(auth), await sealEverything(auth)];
    const id = broken.key.slice(3, 15);
    const { sealed } = await world.prisma.apiKey.findUniqueOrThrow({ where: { id } });
    sealed[30]! ^= 1;
    await world.prisma.apiKey.update({ where: { id }, data: { sealed } });
    world.logLines.length = 0;
    const newest = pepper(5);
    const moving = under(newest, third);
    expect(await moving.sealRotation.run()).toMatchObject({ moved: 5, broken: 1, next: null });
    expect(world.logLines.join('')).toContain(id);
    expect(await moving.sealRotation.status()).toMatchObject({ remaining: 1, unusedPeppers: [] });
    expect(await whole.opensFor(under(newest))).toBe(true);
  });
});

describe('rotating owner keys', () => {
  test('reseals everything, and deletes the old keys once no instance can seal with them', async () => {
    const auth = under(third);
    const sealed = await sealEverything(auth);
    const versions = async (userId: string) =>
      (await world.prisma.userKey.findMany({ where: { userId }, orderBy: { version: 'asc' } })).map(
        key => key.version,
      );
    const [before, system] = [await versions(sealed.ownerId), await versions(systemOwner)];
    const done = await auth.sealRotation.run({ userKeys: true });
    expect(done).toMatchObject({ moved: 3, broken: 0, userKeysDropped: 0 });
    expect(done.userKeysMade).toBeGreaterThanOrEqual(2);
    expect(await versions(sealed.ownerId)).toEqual([...before, 2]);
    expect((await versions(systemOwner)).length).toBe(system.length + 1);
    expect(await sealed.opensFor(under(third))).toBe(true);
    // Another instance may have the older key cached for a minute, and seal with it.
    await world.database.query(`UPDATE "portolan"."user_key" SET "createdAt" = now() - interval '2 hours'`);
    expect((await auth.sealRotation.run()).userKeysDropped).toBeGreaterThanOrEqual(2);
    expect(await versions(sealed.ownerId)).toEqual([2]);
    expect(await sealed.opensFor(under(third))).toBe(true);
  });

  test('keeps a key that still seals something', async () => {
    const auth = under(third);
    const sealed = await sealEverything(auth);
    await auth.sealRotation.run({ userKeys: true });
    const stale = await auth.safestore.seal(signingPlace('late'), 'x');
    stale[3] = 1;
    await world.prisma.signingKey.create({
      data: { kid: 'late', algorithm: 'EdDSA', publicJwk: {}, sealed: Uint8Array.from(stale) },
    });
    await world.database.query(
      `INSERT INTO "portolan"."user_key" ("userId", "version", "key", "createdAt") VALUES ($1, 1, '\\x00', now() - interval '3 hours') ON CONFLICT DO NOTHING`,
      [systemOwner],
    );
    await world.database.query(`UPDATE "portolan"."user_key" SET "createdAt" = now() - interval '2 hours'`);
    await auth.sealRotation.run();
    expect(await world.prisma.userKey.count({ where: { userId: systemOwner, version: 1 } })).toBe(1);
    expect(await sealed.opensFor(under(third))).toBe(true);
  });
});

test('a password keeps its pepper in use until its user signs in', async () => {
  const { id } = await newOwner();
  const passwordHash = await under(first).passwords.hash('correct horse');
  await world.prisma.user.update({ where: { id }, data: { passwordHash } });
  const status = await under(third, first).sealRotation.status();
  expect(status.passwords).toContainEqual({ pepper: 1, count: 1 });
  expect(status.unusedPeppers).not.toContain(1);
});

test('secrets of a user cannot be opened once their keys are deleted', async () => {
  const auth = under(third);
  const sealed = await sealEverything(auth);
  await world.prisma.userKey.deleteMany({ where: { userId: sealed.ownerId } });
  await expect(sealed.opensFor(under(third))).rejects.toThrow('This API key is not valid.');
  expect(await under(pepper(9), third).sealRotation.run()).toMatchObject({ broken: 2, moved: 1 });
});

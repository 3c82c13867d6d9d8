import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AppsWorld, draft, openAppsWorld } from './apps-world.ts';

let world: AppsWorld;
let appId: string;
beforeAll(async () => {
  world = await openAppsWorld();
  const { manager, email } = world.developer;
  await world.apps.developers.save(manager, { name: 'Ada', contactEmail: email });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.prisma.oauthApp.deleteMany();
  await world.prisma.oauthArtifact.deleteMany();
  ({ id: appId } = await world.apps.registry.create(world.developer.manager, draft));
  world.events.length = 0;
});

async function grant(id: string, user = world.user, scopes = ['read']): Promise<void> {
  await world.apps.grants.record({
    id,
    userId: user.id,
    appId,
    scopes,
    redirectUri: 'https://app.example/callback',
  });
  await world.prisma.oauthArtifact.createMany({
    data: ['RefreshToken', 'AuthorizationCode'].map(kind => ({
      kind,
      id: `${kind} ${id}`,
      payload: {},
      grantId: id,
    })),
  });
  await world.prisma.oauthArtifact.create({ data: { kind: 'Grant', id, payload: {} } });
}

const inForce = async (id: string) =>
  (await world.prisma.appGrant.findUnique({ where: { id } }))?.revokedAt === null;
const artifacts = (id: string) =>
  world.prisma.oauthArtifact.count({ where: { OR: [{ grantId: id }, { kind: 'Grant', id }] } });

describe('connected apps', () => {
  test('say who, since when, what for, and when it was last used', async () => {
    await grant('one', world.user, ['write', 'read']);
    await world.prisma.appGrant.update({
      where: { id: 'one' },
      data: { lastUsedAt: new Date(7), lastUsedIp: '192.0.2.1' },
    });
    expect(await world.apps.grants.list(world.user.manager)).toEqual([
      {
        id: 'one',
        app: {
          ...{ id: appId, name: 'Stock report', developer: 'Ada', homePage: null },
          ...{ logoPath: null, disabledAt: null },
        },
        user: { id: world.user.id, email: 'user@example.com' },
        scopes: ['read', 'write'],
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
        lastUsedAt: new Date(7),
        lastUsedIp: '192.0.2.1',
      },
    ]);
    expect(world.events).toMatchObject([
      {
        kind: 'grant.created',
        userId: world.user.id,
        subject: 'one',
        details: { appId, scopes: ['read', 'write'] },
      },
    ]);
  });

  test('are each one’s own, save for administrators', async () => {
    await grant('one');
    await grant('two', world.other);
    const ids = async (...args: Parameters<typeof world.apps.grants.list>) =>
      (await world.apps.grants.list(...args)).map(({ id }) => id).sort();
    expect(await ids(world.user.manager)).toEqual(['one']);
    expect(await ids(world.user.manager, { userId: world.other.id })).toEqual([]);
    // Whose app it is does not see its users either.
    expect(await ids(world.developer.manager, { appId })).toEqual([]);
    expect(await ids(world.admin.manager)).toEqual(['one', 'two']);
    expect(await ids(world.admin.manager, { userId: world.other.id })).toEqual(['two']);
    expect(await ids(world.admin.manager, { appId: 'app_other' })).toEqual([]);
  });

  test('a second consent changes the grant', async () => {
    await grant('one');
    await world.apps.grants.record({
      id: 'one',
      userId: world.user.id,
      appId,
      scopes: ['read', 'write'],
      redirectUri: 'https://app.example/callback',
    });
    expect(await world.apps.grants.list(world.user.manager)).toMatchObject([{ scopes: ['read', 'write'] }]);
    expect(world.events.map(({ kind }) => kind)).toEqual(['grant.created', 'grant.changed']);
    expect(await world.apps.grants.past({ userId: world.user.id, appId })).toEqual({
      ...{ scopes: ['read', 'write'], isNew: false },
    });
    expect(await world.apps.grants.past({ userId: world.other.id, appId })).toEqual({
      scopes: [],
      isNew: false,
    });
  });
});

describe('what is revoked', () => {
  test('is over at once, codes and refresh tokens with it', async () => {
    await grant('one');
    await grant('two', world.other);
    await world.apps.grants.revoke(world.user.manager, 'one');
    expect([await inForce('one'), await artifacts('one')]).toEqual([false, 0]);
    expect([await inForce('two'), await artifacts('two')]).toEqual([true, 3]);
    expect(await world.apps.grants.list(world.user.manager)).toEqual([]);
    expect(world.events.at(-1)).toMatchObject({ kind: 'grant.revoked', subject: 'one', details: { appId } });
    await expect(world.apps.grants.revoke(world.user.manager, 'one')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('is one’s own, save for administrators', async () => {
    await grant('one');
    for (const { manager } of [world.other, world.developer]) {
      await expect(world.apps.grants.revoke(manager, 'one')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(world.apps.grants.disconnect(manager, appId, world.user.id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(world.apps.grants.disconnect(manager, appId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await inForce('one')).toBe(true);
    await world.apps.grants.revoke(world.admin.manager, 'one');
    expect(await inForce('one')).toBe(false);
  });

  test('may be everything that one ever allowed an app', async () => {
    await grant('one');
    await grant('two');
    await grant('three', world.other);
    expect(await world.apps.grants.disconnect(world.user.manager, appId)).toBe(2);
    expect([await inForce('one'), await inForce('two'), await inForce('three')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('by the authorization server is recorded once, and leftovers are removed in any case', async () => {
    await grant('one');
    await world.apps.grants.end('one', { reason: 'a code was used twice' });
    await world.prisma.oauthArtifact.create({
      data: { kind: 'RefreshToken', id: 'late', payload: {}, grantId: 'one' },
    });
    await world.apps.grants.end('one');
    await world.apps.grants.end('unknown');
    expect(await artifacts('one')).toBe(0);
    const revoked = world.events.filter(({ kind }) => kind === 'grant.revoked');
    expect(revoked).toMatchObject([{ details: { appId, reason: 'a code was used twice' } }]);
  });
});

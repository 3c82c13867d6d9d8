import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asManager, operator } from '../../src/apps/services/manager.ts';
import { type AppsWorld, draft, openAppsWorld, principalOf } from './apps-world.ts';

let world: AppsWorld;
beforeAll(async () => {
  world = await openAppsWorld();
  for (const { manager, email } of [world.developer, world.other])
    await world.apps.developers.save(manager, { name: email, contactEmail: email });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.prisma.oauthApp.deleteMany();
  world.events.length = 0;
});

const create = (more: object = {}, manager = world.developer.manager) =>
  world.apps.registry.create(manager, { ...draft, ...more });

describe('registering as a developer', () => {
  test('anybody may who is signed in, and change it later', async () => {
    const { manager, id } = world.user;
    expect(await world.apps.developers.find(manager)).toBeUndefined();
    await world.apps.developers.save(manager, { name: ' Ada  & Co ', contactEmail: 'Ada@Example.com' });
    const changed = await world.apps.developers.save(manager, {
      ...{ name: 'Ada & Co', contactEmail: 'ada@example.com', website: 'https://ada.example' },
    });
    expect(changed).toMatchObject({ userId: id, name: 'Ada & Co', website: 'https://ada.example/' });
    expect(world.events).toMatchObject([
      { kind: 'developer.registered', userId: id },
      { kind: 'developer.changed', userId: id },
    ]);
    await world.prisma.developer.delete({ where: { userId: id } });
  });

  test('closed, it takes an administrator', async () => {
    await using closed = await openClosed();
    const wanted = { name: 'Ada', contactEmail: 'ada@example.com' };
    await expect(closed.apps.developers.save(closed.user.manager, wanted)).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
    await closed.apps.developers.save(closed.admin.manager, wanted, closed.user.id);
    await closed.apps.developers.save(closed.user.manager, { ...wanted, name: 'Ada L' });
  });

  async function openClosed() {
    const opened = await openAppsWorld({ DEVELOPER_REGISTRATION: 'closed' });
    return Object.assign(opened, { [Symbol.asyncDispose]: opened.close });
  }

  test.each([
    [{ name: '' }, 'name'],
    [{ name: '\u200b' }, 'name'],
    [{ name: 'a\nb' }, undefined],
    [{ name: 'evil \u202etxt.exe' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
    [{ website: 'http://ada.example' }, 'website'],
    [{ website: 'javascript:alert(1)' }, 'website'],
    [{ website: 'https://a:b@ada.example' }, 'website'],
    [{ contactEmail: 'nobody' }, 'contactEmail'],
    [{ contactEmail: 'a@b.example, c@d.example' }, 'contactEmail'],
  ])('%j', async (more, target) => {
    const saved = world.apps.developers.save(world.developer.manager, {
      ...{ name: 'Ada', contactEmail: 'ada@example.com', ...more },
    });
    if (target) await expect(saved).rejects.toMatchObject({ code: 'INVALID_VALUE', target });
    else expect((await saved).name).toBe('a b');
  });

  test('users cannot register or read other developers', async () => {
    const wanted = { name: 'Ada', contactEmail: 'ada@example.com' };
    for (const attempt of [
      world.apps.developers.save(world.other.manager, wanted, world.developer.id),
      world.apps.developers.find(world.other.manager, world.developer.id),
      world.apps.developers.save(world.admin.manager, wanted, crypto.randomUUID()),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('making an app', () => {
  test('gives it an unguessable id, and shows no more than what was asked for', async () => {
    const app = await create({ homePage: 'https://report.example', description: 'Reports\r\nstock' });
    expect(app).toMatchObject({
      id: expect.stringMatching(/^app_[a-z2-9]{20}$/),
      ...{ kind: 'developer', name: 'Stock report', scopes: ['read'], secrets: [], logoPath: null },
      ...{
        homePage: 'https://report.example/',
        description: 'Reports\nstock',
        disabledAt: null,
        locked: false,
      },
      ...{ owner: { id: world.developer.id, email: 'developer@example.com' }, confidential: true },
    });
    expect(JSON.stringify(app)).not.toMatch(/sealed|"logo"/);
    expect(world.events).toMatchObject([
      { kind: 'app.created', subject: app.id, userId: world.developer.id },
    ]);
  });

  test.each([
    [{ name: '<b>' }, undefined],
    [{ name: 'x\u0000' }, 'name'],
    [{ homePage: 'http://report.example' }, 'homePage'],
    [{ description: 'x'.repeat(501) }, 'description'],
    [{ description: 'x\u001b[31m' }, 'description'],
    [{ redirectUris: ['http://report.example/'] }, 'redirectUris'],
    [{ redirectUris: [] }, 'redirectUris'],
    [{ redirectUris: [], clientCredentials: true }, undefined],
    [{ confidential: false, clientCredentials: true }, 'clientCredentials'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['reed'] }, 'scopes'],
    [{ scopes: 'read products.cost:read' }, undefined],
  ])('%j', async (more, target) => {
    if (target) await expect(create(more)).rejects.toMatchObject({ code: 'INVALID_VALUE', target });
    else await create(more);
  });

  test('takes a developer', async () => {
    await expect(create({}, world.user.manager)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('with the scope admin takes an administrator', async () => {
    await expect(create({ scopes: ['admin'] })).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    expect((await create({ scopes: ['admin'] }, world.admin.manager)).scopes).toEqual(['admin']);
    const app = await create();
    await expect(
      world.apps.registry.change(world.developer.manager, app.id, { scopes: ['admin', 'read'] }),
    ).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    // Not even an administrator gives it to the app of somebody who is none.
    await expect(
      world.apps.registry.change(world.admin.manager, app.id, { scopes: ['admin', 'read'] }),
    ).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  });

  test('for another user needs an administrator', async () => {
    const forOther = { owner: ' Other@example.com' };
    await expect(create(forOther)).rejects.toMatchObject({ code: 'NOT_FOUND', target: 'owner' });
    expect((await create(forOther, world.admin.manager)).owner.id).toBe(world.other.id);
    expect((await create(forOther, operator)).owner.id).toBe(world.other.id);
    await expect(create({}, operator)).rejects.toMatchObject({ code: 'INVALID_VALUE', target: 'owner' });
  });

  test('no credential makes an app that could do more for itself than the credential', async () => {
    const adminKey = asManager(principalOf('key', world.admin.id, ['admin']));
    const machine = { clientCredentials: true };
    await expect(create(machine, adminKey)).rejects.toMatchObject({ code: 'SCOPE_MISSING', target: 'read' });
    const app = await create({}, world.admin.manager);
    await expect(world.apps.registry.change(adminKey, app.id, machine)).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
    await world.apps.registry.change(world.admin.manager, app.id, machine);
    await expect(world.apps.secrets.create(adminKey, app.id)).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
    await world.apps.secrets.create(world.admin.manager, app.id);
  });

  test('takes a person who is signed in, or the scope admin', () => {
    for (const kind of ['key', 'token', 'anonymous'] as const)
      expect(() => asManager(principalOf(kind, world.developer.id, ['read', 'write']))).toThrow(/signed in/);
    expect(asManager(principalOf('token', world.admin.id, ['admin'])).everybody).toBe(true);
    expect(asManager(principalOf('session', world.developer.id, ['read'])).everybody).toBe(false);
    expect(() => asManager(principalOf('anonymous', '', ['admin']))).toThrow();
  });
});

describe('an app of another user', () => {
  test('does not exist, save for administrators', async () => {
    const { id } = await create();
    const { registry, secrets } = world.apps;
    const { secret: _, ...secret } = await secrets.create(world.developer.manager, id);
    const stranger = world.other.manager;
    const unknown = { code: 'NOT_FOUND' };
    for (const attempt of [
      registry.find(stranger, id),
      registry.change(stranger, id, { name: 'Mine' }),
      registry.setLogo(stranger, id, null),
      registry.disable(stranger, id),
      registry.enable(stranger, id),
      registry.remove(stranger, id),
      secrets.create(stranger, id),
      secrets.remove(stranger, id, secret.id),
    ])
      await expect(attempt).rejects.toMatchObject(unknown);
    // Another app's secret neither.
    const own = await create({}, stranger);
    await expect(secrets.remove(stranger, own.id, secret.id)).rejects.toMatchObject(unknown);
    expect((await registry.list(stranger)).map(app => app.id)).toEqual([own.id]);
    expect(await registry.list(stranger, { ownerId: world.developer.id })).toEqual([]);
    expect((await registry.find(world.developer.manager, id)).secrets).toEqual([secret]);
    expect((await registry.list(world.admin.manager)).map(app => app.id).sort()).toEqual([own.id, id].sort());
    expect(await registry.list(world.admin.manager, { ownerId: world.developer.id })).toHaveLength(1);
    expect(await registry.list(world.admin.manager, { search: 'OTHER@' })).toHaveLength(1);
    await expect(registry.find(world.admin.manager, "' OR 1=1")).rejects.toMatchObject(unknown);
  });
});

describe('changing an app', () => {
  test('leaves alone what is not said, and tells the audit trail what became otherwise', async () => {
    const app = await create({ description: 'Old' });
    world.events.length = 0;
    const changed = await world.apps.registry.change(world.developer.manager, app.id, {
      ...{ description: null, redirectUris: ['https://new.example/cb'] },
    });
    expect(changed).toMatchObject({ name: app.name, description: null, scopes: app.scopes });
    expect(world.events).toMatchObject([
      {
        kind: 'app.changed',
        details: { name: app.name, description: null, redirectUris: ['https://new.example/cb'] },
      },
    ]);
    expect(Object.keys(world.events[0]!.details!)).toHaveLength(3);
  });

  test('is seen by every instance at once', async () => {
    const other = world.instance();
    const { id } = await create();
    const { manager } = world.developer;
    expect((await other.clients.find(id))?.redirectUris).toEqual(draft.redirectUris);
    await world.apps.registry.change(manager, id, { redirectUris: ['https://new.example/cb'] });
    expect((await other.clients.find(id))?.redirectUris).toEqual(['https://new.example/cb']);
    await world.apps.registry.disable(manager, id);
    expect(await other.clients.find(id)).toBeUndefined();
    await world.apps.registry.enable(manager, id);
    expect(await other.clients.find(id)).toBeDefined();
    await world.prisma.user.update({ where: { id: world.developer.id }, data: { disabledAt: new Date() } });
    expect(await other.clients.find(id)).toBeUndefined();
    await world.prisma.user.update({ where: { id: world.developer.id }, data: { disabledAt: null } });
    await world.apps.registry.remove(manager, id);
    expect(await other.clients.find(id)).toBeUndefined();
  });

  test('what an administrator disabled, its owner cannot enable', async () => {
    const { id } = await create();
    const { registry } = world.apps;
    await registry.disable(world.developer.manager, id);
    expect((await registry.disable(world.admin.manager, id)).locked).toBe(true);
    expect((await registry.disable(world.developer.manager, id)).locked).toBe(true);
    await expect(registry.enable(world.developer.manager, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await registry.enable(world.admin.manager, id)).disabledAt).toBeNull();
    await registry.disable(operator, id);
    await expect(registry.enable(world.developer.manager, id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('at the same time by several loses nothing of what any of them said', async () => {
    const { registry } = world.apps;
    const { manager } = world.developer;
    for (let round = 0; round < 5; round++) {
      const { id } = await create({ redirectUris: ['https://old.example/', 'https://stays.example/'] });
      await Promise.all([
        registry.change(manager, id, { redirectUris: ['https://stays.example/'] }),
        ...['A', 'B', 'C'].map(name => registry.change(manager, id, { name })),
        registry.disable(manager, id),
        registry.disable(world.admin.manager, id),
        registry.disable(manager, id),
      ]);
      expect(await registry.find(manager, id)).toMatchObject({
        ...{ redirectUris: ['https://stays.example/'], locked: true, name: expect.stringMatching(/^[ABC]$/) },
      });
      await expect(registry.enable(manager, id)).rejects.toMatchObject({ code: 'CONFLICT' });
      await registry.remove(manager, id);
    }
  });

  test('an owner who is no administrator any more takes the scope admin from the app', async () => {
    const { id } = await create({ scopes: ['admin', 'read'] }, world.admin.manager);
    expect((await world.apps.clients.find(id))?.scopes).toEqual(['admin', 'read']);
    await world.prisma.user.update({ where: { id: world.admin.id }, data: { role: 'editor' } });
    expect((await world.apps.clients.find(id))?.scopes).toEqual(['read']);
    await world.prisma.user.update({ where: { id: world.admin.id }, data: { role: 'administrator' } });
  });
});

test('deleting an app deletes what was granted to it, codes and refresh tokens too', async () => {
  const { id } = await create();
  await world.apps.grants.record({
    id: 'gid',
    userId: world.user.id,
    appId: id,
    scopes: ['read'],
    redirectUri: 'https://app.example/callback',
  });
  await world.prisma.oauthArtifact.create({
    data: { kind: 'RefreshToken', id: 'token', payload: {}, grantId: 'gid' },
  });
  await world.apps.registry.remove(world.developer.manager, id);
  expect(await world.prisma.appGrant.count()).toBe(0);
  expect(await world.prisma.oauthArtifact.count()).toBe(0);
});

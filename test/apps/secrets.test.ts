import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AppView } from '../../src/apps/services/app-view.ts';
import { type AppsWorld, draft, knownScopes, openAppsWorld } from './apps-world.ts';

let world: AppsWorld;
let app: AppView;
beforeAll(async () => {
  world = await openAppsWorld();
  const { manager, email } = world.developer;
  await world.apps.developers.save(manager, { name: 'Ada', contactEmail: email });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.prisma.oauthApp.deleteMany();
  app = await world.apps.registry.create(world.developer.manager, draft);
  world.events.length = 0;
});

const create = (more: object = {}) => world.apps.secrets.create(world.developer.manager, app.id, more);
const verify = (secret: string, id = app.id) => world.apps.clients.verifySecret(id, secret);
const inAnHour = () => new Date(Date.now() + 3_600_000);

describe('a secret', () => {
  test('is shown once, and stored so that neither it nor its hash can be read', async () => {
    const made = await create();
    expect(made.secret).toMatch(/^pas_[\w-]{43}[0-9A-Za-z]{6}$/);
    expect(made.lastFour).toBe(made.secret.slice(-4));
    const view = await world.apps.registry.find(world.developer.manager, app.id);
    expect(JSON.stringify(view)).not.toContain(made.secret);
    const { sealed } = await world.prisma.appSecret.findUniqueOrThrow({ where: { id: made.id } });
    expect(Buffer.from(sealed).includes(made.secret.slice(4, 20))).toBe(false);
    expect(JSON.stringify(world.events) + world.logLines.join()).not.toContain(made.secret);
    expect(world.events).toMatchObject([{ kind: 'app.secret-created', subject: app.id }]);
  });

  test('fits, and no other, and for no other app', async () => {
    const { secret } = await create();
    expect(await verify(secret)).toBe(true);
    const other = await world.apps.registry.create(world.developer.manager, draft);
    for (const [wrong, id] of [
      ['', app.id],
      [secret.slice(0, -1), app.id],
      [`${secret} `, app.id],
      [secret.toLowerCase(), app.id],
      ['x'.repeat(100_000), app.id],
      [secret, other.id],
      [secret, 'app_nobodynobodynobody22'],
      [secret, "x' OR '1'='1"],
    ] as const)
      expect(await verify(wrong, id)).toBe(false);
  });

  test('notes that it was used', async () => {
    const { id, secret } = await create();
    await verify('wrong');
    await verify(secret);
    await world.apps.close();
    const { secrets } = await world.apps.registry.find(world.developer.manager, app.id);
    expect(secrets).toMatchObject([{ id, lastUsedAt: expect.any(Date) }]);
  });

  test('that is removed is refused by every instance', async () => {
    const other = world.instance();
    const { id, secret } = await create();
    expect(await other.clients.verifySecret(app.id, secret)).toBe(true);
    await world.apps.secrets.remove(world.developer.manager, app.id, id);
    expect(await other.clients.verifySecret(app.id, secret)).toBe(false);
    await expect(world.apps.secrets.remove(world.developer.manager, app.id, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('of a disabled app, or a disabled owner, fits no more', async () => {
    const { secret } = await create();
    await world.apps.registry.disable(world.developer.manager, app.id);
    expect(await verify(secret)).toBe(false);
    await world.apps.registry.enable(world.developer.manager, app.id);
    const owner = (disabledAt: Date | null) =>
      world.prisma.user.update({ where: { id: world.developer.id }, data: { disabledAt } });
    await owner(new Date());
    expect(await verify(secret)).toBe(false);
    await owner(null);
    expect(await verify(secret)).toBe(true);
  });

  test('moved to another row does not open, and the log says so', async () => {
    const { id, secret } = await create();
    const { sealed } = await world.prisma.appSecret.findUniqueOrThrow({ where: { id } });
    const other = await world.apps.registry.create(world.developer.manager, draft);
    await world.prisma.appSecret.create({ data: { appId: other.id, lastFour: 'xxxx', sealed } });
    expect(await verify(secret, other.id)).toBe(false);
    expect(world.logLines.join()).toContain('does not open');
    world.logLines.length = 0;
  });
});

describe('several secrets', () => {
  test('at most five run at the same time', async () => {
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => create()));
    const secrets = made.flatMap(result => (result.status === 'fulfilled' ? [result.value.secret] : []));
    expect(secrets).toHaveLength(5);
    for (const secret of secrets) expect(await verify(secret)).toBe(true);
    for (const result of made)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' });
  });

  test('rotate with an overlap: old keys expire at the requested time or earlier', async () => {
    const soon = new Date(Date.now() + 60_000);
    const [old, older] = [await create(), await create({ expiresAt: soon })];
    const othersExpireAt = inAnHour();
    const fresh = await create({ othersExpireAt });
    const { secrets } = await world.apps.registry.find(world.developer.manager, app.id);
    expect(Object.fromEntries(secrets.map(({ id, expiresAt }) => [id, expiresAt]))).toEqual({
      ...{ [fresh.id]: null, [old.id]: othersExpireAt, [older.id]: soon },
    });
    await world.prisma.appSecret.update({ where: { id: old.id }, data: { expiresAt: new Date() } });
    expect(await verify(old.secret)).toBe(false);
    expect(await verify(fresh.secret)).toBe(true);
  });

  test.each(['expiresAt', 'othersExpireAt'])('%s must be to come', async target => {
    await expect(create({ [target]: new Date() })).rejects.toMatchObject({ code: 'INVALID_VALUE', target });
  });

  test('a public app has none', async () => {
    const open = await world.apps.registry.create(world.developer.manager, { ...draft, confidential: false });
    await expect(world.apps.secrets.create(world.developer.manager, open.id)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});

describe('the app of a plugin', () => {
  const ensure = (more: object = {}, apps = world.apps) =>
    apps.plugins.ensure({ name: 'Tax rates', scopes: ['read', 'write'], ownerId: world.admin.id, ...more });

  test('gets the same credentials at each start, on every instance, also when all start at once', async () => {
    const instances = [world.apps, world.instance(), world.instance()];
    const all = await Promise.all(instances.map(apps => ensure({}, apps)));
    expect(new Set(all.map(({ clientId }) => clientId)).size).toBe(1);
    expect(new Set(all.map(({ clientSecret }) => clientSecret)).size).toBe(1);
    const { clientId, clientSecret } = await ensure();
    expect({ clientId, clientSecret }).toEqual(all[0]);
    expect(await verify(clientSecret, clientId)).toBe(true);
    expect(await world.apps.clients.find(clientId)).toMatchObject({
      ...{ kind: 'plugin', confidential: true, clientCredentials: true, redirectUris: [] },
    });
    const { sealed } = await world.prisma.appSecret.findFirstOrThrow({ where: { appId: clientId } });
    expect(Buffer.from(sealed).includes(clientSecret.slice(4, 20))).toBe(false);
  });

  test('follows the scopes of the plugin, and nobody changes it by hand', async () => {
    const { clientId } = await ensure();
    await ensure({ scopes: ['products:read'] });
    expect((await world.apps.clients.find(clientId))?.scopes).toEqual(['products:read']);
    await expect(ensure({ scopes: ['reed'] })).rejects.toMatchObject({ code: 'INVALID_VALUE' });
    const { registry, secrets } = world.apps;
    for (const attempt of [
      registry.change(world.admin.manager, clientId, { scopes: [...knownScopes] }),
      secrets.create(world.admin.manager, clientId),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT' });
    await registry.disable(world.admin.manager, clientId);
    expect(await world.apps.clients.find(clientId)).toBeUndefined();
  });
});

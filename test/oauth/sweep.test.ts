import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createArtifacts } from '../../src/oauth/artifacts.ts';
import { createRevocations } from '../../src/oauth/revocations.ts';
import { type OauthWorld, openOauthWorld } from './oauth-world.ts';

let world: OauthWorld;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());
afterEach(() => {
  vi.useRealTimers();
});

test('expired artifacts and revocations are deleted, and nothing else', async () => {
  const app = await world.createApp();
  const tokens = await world.obtain(app);
  await world.authorize(app);
  const form = { token: tokens.access_token, client_id: app.id, client_secret: app.secret };
  await world.post('/auth/oauth/revoke', form);
  const clear = async () => {
    await createArtifacts(world.database).clear();
    await createRevocations(world.database, world.auth.tokens).clear();
  };
  const kinds = async () => (await world.prisma.oauthArtifact.findMany()).map(({ kind }) => kind).sort();
  const before = await kinds();
  await clear();
  expect(await kinds()).toEqual(before);
  expect(await world.prisma.revokedToken.count()).toBe(1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 86_400_000 });
  await clear();
  expect(await kinds()).toEqual(['RefreshToken']);
  expect(await world.prisma.revokedToken.count()).toBe(0);
  vi.setSystemTime(Date.now() + 366 * 86_400_000);
  await clear();
  expect(await kinds()).toEqual([]);
});

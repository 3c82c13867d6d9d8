import { expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { openBrowser } from '../users/browser.ts';

const next = 'another that is long enough';
const server = serverForFile();

const works = async (key: string) => (await server.fetch('/api/keys', { key })).status === 200;

/** @returns the path of a link for a new password */
async function resetLink(id: string): Promise<string> {
  const init = { key: server.adminKey, json: {} };
  const { link } = (await (await server.fetch(`/api/users/${id}/password-reset`, init)).json()) as {
    link: string;
  };
  return new URL(link).pathname;
}

async function makeKey(cookie: string, name: string): Promise<{ id: string; key: string }> {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const response = await server.fetch('/api/keys', { headers, json: { name, scopes: ['read'] } });
  return (await response.json()) as { id: string; key: string };
}

test('after a password reset, keys that were made in a session are listed, with the offer to revoke them', async () => {
  const email = 'robbed@example.com';
  const cookie = await server.signIn(email);
  const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email } });
  const [mine, stolen] = [await makeKey(cookie, 'Mine'), await makeKey(cookie, 'Of the thief')];
  const byServer = await server.auth.keys.create({ email, name: 'Of the server', scopes: ['read'] });
  const unknown = await server.auth.keys.create({ email, name: 'From before', scopes: ['read'] });
  await server.prisma.apiKey.update({ where: { id: unknown.id }, data: { madeBy: null } });
  const others = await makeKey(await server.signIn('other@example.com'), 'Of another');

  const browser = openBrowser(server);
  const { location } = await browser.submit(await resetLink(id), { password: next });
  expect(location).toBe('/sign-in?done=reset&return=/account/keys/review');
  const signIn = await browser.submit(
    location!,
    { email, password: next },
    '/sign-in?return=/account/keys/review',
  );
  expect(signIn.location).toBe('/account/keys/review');
  const { text } = await browser.get(signIn.location!);
  const offered = [...text.matchAll(/name="key" value="(\w+)"/g)].map(match => match[1]);
  expect(offered.sort()).toEqual([mine.id, stolen.id, unknown.id].sort());
  expect(text).toContain('Of the thief');

  const done = await browser.submit(signIn.location!, { key: stolen.id });
  expect([done.status, done.location]).toEqual([303, '/account/keys?done=revoked']);
  expect(await works(stolen.key)).toBe(false);
  for (const { key } of [mine, byServer, unknown, others]) expect(await works(key)).toBe(true);
  // Nothing of others, whoever asks.
  await browser.submit('/account/keys/review', { key: others.id });
  expect(await works(others.key)).toBe(true);
});

test('who has no such keys goes on to the account', async () => {
  const email = 'plain@example.com';
  await server.signIn(email);
  const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email } });
  const browser = openBrowser(server);
  const { location } = await browser.submit(await resetLink(id), { password: next });
  expect(location).toBe('/sign-in?done=reset');
  await browser.submit('/sign-in', { email, password: next });
  expect((await browser.get('/account/keys/review')).location).toBe('/account');
});

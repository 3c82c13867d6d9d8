import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createLog } from '../../src/base/log.ts';
import {
  allowAll,
  Browser,
  callback,
  createClient,
  makePkce,
  type OauthWorld,
  openOauthWorld,
  type Tokens,
} from './oauth-world.ts';

let world: OauthWorld;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());

test('codes, tokens, verifiers and secrets are never logged', async () => {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'trace', logFormat: 'json' }, { write: line => void lines.push(line) });
  const instance = createApp({ ...world.server, log });
  const fetch: OauthWorld['fetch'] = (path, init) => {
    const { key: _, json, headers, ...rest } = init ?? {};
    const body = json === undefined ? rest.body : JSON.stringify(json);
    const all = new Headers(headers);
    if (json !== undefined) all.set('content-type', 'application/json');
    const method = rest.method ?? (body ? 'POST' : 'GET');
    return instance.fetch(
      new Request(world.config.publicUrl + path, { ...rest, method, headers: all, body }),
    );
  };
  const client = createClient({ ...world.server, fetch });
  const browser = await new Browser({ ...world.server, fetch }).signIn();
  const app = await world.createApp();
  const { verifier, challenge } = await makePkce();
  const address = await client.authorize(app, challenge, { browser, decide: allowAll });
  const code = address.searchParams.get('code')!;
  const tokens = (await (await client.redeem(app, code, { code_verifier: verifier })).json()) as Tokens;
  const next = (await (await client.refresh(app, tokens.refresh_token)).json()) as Tokens;
  await client.use(next.access_token);
  await client.redeem(app, code, { code_verifier: verifier });
  await client.refresh({ ...app, secret: 'canary-wrong-secret' }, tokens.refresh_token);
  const form = new URLSearchParams({
    ...{ client_id: app.id, client_secret: app.secret, code, code_verifier: verifier },
    ...{ token: tokens.access_token, refresh_token: tokens.refresh_token, redirect_uri: callback },
  });
  for (const path of ['token', 'revoke', 'introspect', 'authorize'])
    await fetch(`/auth/oauth/${path}?${form}`, { method: 'POST' });
  await fetch(`/api/query?access_token=${next.access_token}`, { json: { query: 'products { id }' } });
  await fetch(`/auth/oauth/token?${String(form).replaceAll('_', '%5F')}`);
  await instance.close();
  const logged = lines.join('');
  expect(logged.split('\n').length).toBeGreaterThan(10);
  const secrets = { code, verifier, secret: app.secret, wrong: 'canary-wrong-secret', ...tokens };
  for (const secret of [...Object.values(secrets), next.access_token].filter(one => String(one).length > 15))
    expect(logged).not.toContain(String(secret));
});

test('too many requests are refused in the format of RFC 6749', async () => {
  const attempt = () => world.token({ grant_type: 'client_credentials', client_id: 'app_nobody' });
  let response = await attempt();
  for (let i = 0; i < 700 && response.status !== 429; i++) response = await attempt();
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
});

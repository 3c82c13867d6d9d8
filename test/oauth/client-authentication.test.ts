import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callback, type OauthWorld, openOauthWorld, type TestApp } from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp();
});
afterAll(() => world.close());

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const machine = { grant_type: 'client_credentials' };

describe('an app is refused at the token endpoint', () => {
  test.each([
    ['a wrong secret', () => ({ client_id: app.id, client_secret: `${app.secret}x` })],
    ['no secret', () => ({ client_id: app.id })],
    ['an empty secret', () => ({ client_id: app.id, client_secret: '' })],
    ['an unknown id', () => ({ client_id: 'app_aaaaaaaaaaaaaaaaaaaa', client_secret: app.secret })],
    ['an id that is none', () => ({ client_id: "'; drop table x; --", client_secret: app.secret })],
    ['a secret of enormous length', () => ({ client_id: app.id, client_secret: 'x'.repeat(10_000) })],
  ])('with %s', async (_, parameters) => {
    const response = await world.token({ ...machine, ...parameters() });
    expect(await errorOf(response)).toEqual([401, 'invalid_client']);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('with a challenge, for HTTP Basic', async () => {
    const response = await world.token(machine, basic(app.id, 'wrong'));
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(await errorOf(response)).toEqual([401, 'invalid_client']);
  });

  test.each([
    [
      'in two ways at once',
      () => [{ client_id: app.id, client_secret: app.secret }, basic(app.id, app.secret)],
    ],
    ['as two apps at once', () => [{ client_id: 'app_aaaaaaaaaaaaaaaaaaaa' }, basic(app.id, app.secret)]],
    ['as nobody', () => [{}, {}]],
    ['by a token', () => [{}, { authorization: 'Bearer x.y.z' }]],
    ['by something that is no Basic', () => [{}, { authorization: 'Basic ???' }]],
  ] as [string, () => [Record<string, string>, Record<string, string>]][])('%s', async (_, given) => {
    const [parameters, headers] = given();
    const response = await world.token({ ...machine, ...parameters }, headers);
    expect(await errorOf(response)).toEqual([400, 'invalid_request']);
  });

  test('when it has no secret and sends one', async () => {
    const open = await world.createApp({ confidential: false });
    const response = await world.refresh({ ...open, secret: 'x' }, 'x');
    expect(await errorOf(response)).toEqual([401, 'invalid_client']);
  });

  test('after its secret was revoked', async () => {
    const gone = await world.createApp();
    const parameters = { ...machine, client_id: gone.id, client_secret: gone.secret };
    expect((await world.token(parameters)).status).toBe(200);
    await world.prisma.appSecret.update({ where: { id: gone.secretId }, data: { revokedAt: new Date() } });
    expect(await errorOf(await world.token(parameters))).toEqual([401, 'invalid_client']);
  });

  test('after it was disabled, and so are its tokens', async () => {
    const gone = await world.createApp();
    const tokens = await world.obtain(gone);
    await world.prisma.oauthApp.update({ where: { id: gone.id }, data: { disabledAt: new Date() } });
    expect(await errorOf(await world.refresh(gone, tokens.refresh_token))).toEqual([401, 'invalid_client']);
    await expect.poll(() => world.use(tokens.access_token)).toBe(401);
  });
});

test('an unknown app takes as long as a wrong secret', async () => {
  const attempt = async (id: string) => {
    const before = performance.now();
    await (await world.token({ ...machine, client_id: id, client_secret: 'wrong' })).text();
    return performance.now() - before;
  };
  const ratio = async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let i = 0; i < 40; i++) {
      times.known.push(await attempt(app.id));
      times.unknown.push(await attempt('app_aaaaaaaaaaaaaaaaaaaa'));
    }
    return median(times.unknown) / median(times.known);
  };
  // Without the decoy, an unknown app always takes half as long. A busy machine may need more than one attempt.
  let even = false;
  for (let round = 0; round < 4 && !even; round++) {
    const measured = await ratio();
    even = measured > 0.66 && measured < 1.5;
  }
  expect(even).toBe(true);
});

describe('an invalid request to the token endpoint', () => {
  const whole = () => `grant_type=client_credentials&client_id=${app.id}&client_secret=${app.secret}`;

  test.each([
    ['a parameter twice', () => `${whole()}&scope=read&scope=write`],
    ['the grant type twice', () => `${whole()}&grant_type=client_credentials`],
    ['the secret twice', () => `${whole()}&client_secret=x`],
    ['nothing', () => ''],
    ['an unknown grant', () => whole().replace('client_credentials', 'password')],
    ['a code flow without a code', () => whole().replace('client_credentials', 'authorization_code')],
    ['a refresh without a token', () => whole().replace('client_credentials', 'refresh_token')],
    ['another resource', () => `${whole()}&resource=https%3A%2F%2Fother.example`],
    ['what is not UTF-8', () => `${whole()}&scope=%ff`],
  ])('%s: 400', async (_, body) => {
    const response = await world.token(body());
    const { error } = (await response.json()) as { error: string };
    expect(response.status).toBe(400);
    expect(error).toMatch(/^(invalid_request|invalid_grant|unsupported_grant_type|invalid_target)$/);
  });

  test.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', ''])(
    'a body of the type "%s" is not read',
    async type => {
      const response = await world.token(whole(), { 'content-type': type });
      expect(response.status).toBe(415);
      expect(((await response.json()) as { error: string }).error).toBe('invalid_request');
    },
  );

  test('a body that is too long is not read to the end, with or without Content-Length', async () => {
    const long = `${whole()}&x=${'x'.repeat(30_000)}`;
    expect((await world.token(long)).status).toBe(413);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 10_000;
        if (sent > 10_000_000) controller.close();
        else controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
      },
    });
    const response = await world.fetch('/auth/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(200_000);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a[b][c]', '$where', '%00', 'é'])(
    'a parameter called %s is ignored',
    async name => {
      for (const path of ['token', 'revoke', 'introspect']) {
        const response = await world.post(`/auth/oauth/${path}`, `${whole()}&token=x&${name}=1`);
        expect(response.status).toBe(200);
      }
      const asked = await world.fetch(`${world.authorizeAddress(app)}&${name}=1`);
      expect(asked.status).toBe(303);
    },
  );

  test('GET is refused', async () => {
    const response = await world.fetch(`/auth/oauth/token?${whole()}`);
    expect(response.status).toBe(405);
    expect(await (await world.token(`x=1`)).json()).toMatchObject({ error: 'invalid_request' });
  });
});

describe('web pages and the token endpoint', () => {
  test('pages of the app`s own origins may fetch tokens', async () => {
    const preflight = await world.fetch('/auth/oauth/token', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const form = { ...machine, client_id: app.id, client_secret: app.secret };
    const response = await world.token(form, { origin: 'https://app.example' });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(response.headers.get('vary')).toMatch(/Origin/i);
  });

  test('pages of other origins may not', async () => {
    const form = { ...machine, client_id: app.id, client_secret: app.secret };
    for (const origin of [
      'https://evil.example',
      'https://app.example.evil.example',
      'null',
      'http://app.example',
    ]) {
      const response = await world.token(form, { origin });
      expect(await errorOf(response)).toEqual([400, 'invalid_request']);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('pages of the app may revoke, but neither introspect nor authorize', async () => {
    const origin = { origin: 'https://app.example' };
    const form = { token: 'x', client_id: app.id, client_secret: app.secret };
    const revoked = await world.post('/auth/oauth/revoke', form, origin);
    expect(revoked.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const introspected = await world.post('/auth/oauth/introspect', form, origin);
    const asked = await world.fetch(world.authorizeAddress(app), { headers: origin });
    for (const response of [introspected, asked])
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('without an Origin header, the response has no CORS headers', async () => {
    const response = await world.token({ ...machine, client_id: app.id, client_secret: app.secret });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(callback).toMatch(/^https:/);
  });
});

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { error: string }).error,
];

// Secrets of every kind, right and wrong ones, in every place and through every door: none may stay in the log or the
// audit trail. What people and apps do by pages and OAuth is tested beside these.

import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { makeAppSecret } from '../../src/apps/services/client-id.ts';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { createLog } from '../../src/base/log.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ demo: true, env: { LOG_LEVEL: 'trace', API_KEY_IN_QUERY: 'true' } });

/** A method and a path of each door, with a body where it takes one. */
const doors: readonly (readonly [method: string, path: string, type?: string, body?: string])[] = [
  ['GET', '/'],
  ['GET', '/nowhere'],
  ['GET', '/metrics'],
  ['GET', '/readyz'],
  ['GET', '/api/me'],
  ['GET', '/api/keys'],
  ['GET', '/api/audit'],
  ['GET', '/api/users'],
  ['GET', '/api/apps'],
  ['GET', '/api/safestore'],
  ['GET', '/account/keys'],
  ['GET', '/odata/products?$top=1'],
  ['GET', '/odata/products?$filter=nothing eq 1'],
  ['GET', '/odata/products(999999)'],
  ['POST', '/odata/products', 'application/json', '{"name":'],
  [
    'POST',
    '/odata/$batch',
    'application/json',
    '{"requests":[{"id":"1","method":"GET","url":"products?$top=1"}]}',
  ],
  ['POST', '/graphql', 'application/json', '{"query":"{ products(take: 1) { id } }"}'],
  ['POST', '/graphql', 'application/json', '{"query":"{ nothing }"}'],
  ['POST', '/graphql', 'application/json', '{"query":"{ me { name } apiKeys { id } }"}'],
  ['POST', '/api/query', 'application/json', '{"query":"products { id"}'],
  ['POST', '/api/import', 'text/plain', 'x'],
  ['POST', '/auth/oauth/token', 'application/x-www-form-urlencoded', 'grant_type=client_credentials'],
];

/** @returns one request for each place in which a secret can stand, sensible or not */
function placesFor(
  kind: string,
  secret: string,
): ((path: string) => { path: string; headers: Record<string, string> })[] {
  const basic = Buffer.from(`excel:${secret}`).toString('base64');
  const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;
  return [
    path => ({ path, headers: { 'x-api-key': secret } }),
    path => ({ path, headers: { authorization: `Basic ${basic}` } }),
    path => ({ path, headers: { authorization: `Bearer ${secret}` } }),
    path => ({ path, headers: { cookie: `portolan_session=${secret}; __Host-portolan_session=${secret}` } }),
    path => ({ path, headers: { 'x-api-key': secret, authorization: `Bearer ${secret}x` } }),
    path => ({ path: withQuery(path, `api_key=${secret}`), headers: {} }),
    path => ({ path: withQuery(path, `API%5fKEY=${secret}`), headers: {} }),
    path => ({ path: withQuery(path, `access_token=${secret}`), headers: {} }),
    // Where nobody would look for one. A session's value has no form of its own by which it could be told there.
    ...(kind === 'session'
      ? []
      : [(path: string) => ({ path: withQuery(path, `$filter=name eq '${secret}'`), headers: {} })]),
    path => ({ path: `${path.replace(/[?(].*/, '')}/${secret}`, headers: {} }),
    path => ({ path, headers: { 'idempotency-key': secret, 'x-api-key': server.adminKey } }),
  ];
}

test('no secret stays in a log line or an audit row, whatever door it came to and in whatever place', async () => {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'trace', logFormat: 'json' }, { write: line => void lines.push(line) });
  const app = createApp({ ...server, log });
  const session = (await server.signIn()).split('=')[1]!;
  const secrets = {
    right: server.adminKey,
    weak: await server.createKey('products:read'),
    unknown: makeApiKey().key,
    mistyped: `${server.adminKey.slice(0, -1)}!`,
    appSecret: makeAppSecret(),
    session,
    token: `eyJhbGciOiJFUzI1NiJ9.${Buffer.from('{"sub":"canary"}').toString('base64url')}.${'c'.repeat(86)}`,
  };
  let sent = 0;
  for (const [kind, secret] of Object.entries(secrets))
    for (const [method, to, type, body] of doors)
      for (const place of placesFor(kind, secret)) {
        const { path, headers } = place(to);
        const all = type === undefined ? headers : { ...headers, 'content-type': type };
        const response = await app.fetch(
          new Request(`http://localhost${path.replaceAll(' ', '%20')}`, { method, headers: all, body }),
        );
        await response.body?.cancel();
        sent += 1;
      }
  await app.close();
  const logged = lines.join('');
  const events = JSON.stringify(await server.prisma.auditEvent.findMany({ omit: { id: true } }));
  expect(logged.match(/"msg":"request"/g)?.length).toBe(sent);
  expect(logged).not.toContain('unexpected error');
  for (const [kind, secret] of Object.entries(secrets)) {
    const traces = [secret, encodeURIComponent(secret), Buffer.from(`excel:${secret}`).toString('base64')];
    for (const trace of [...traces, secret.slice(-30)]) {
      const at = logged.indexOf(trace);
      expect(at < 0 ? undefined : `${kind}: ${logged.slice(Math.max(0, at - 120), at + 40)}`).toBeUndefined();
      expect(events).not.toContain(trace);
    }
  }
});

test('what managing keys gives and takes stays in no log line', async () => {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'trace', logFormat: 'json' }, { write: line => void lines.push(line) });
  const app = createApp({ ...server, log });
  const post = async (path: string, json: unknown) => {
    const headers = { 'x-api-key': server.adminKey, 'content-type': 'application/json' };
    const request = new Request(`http://localhost${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(json),
    });
    return (await app.fetch(request)).json();
  };
  const made = await post('/api/keys', { name: 'Canary', scopes: ['read'] });
  const rotated = await post(`/api/keys/${made.id}/rotate`, { overlapSeconds: 60 });
  const query = 'mutation { createApiKey(name: "Canary", scopes: ["read"]) { key } }';
  const { key } = (await post('/graphql', { query })).data.createApiKey;
  await post('/graphql', { query: `mutation { revokeApiKey(id: "${key}") }` });
  await post('/graphql', { query: `{ me { id } ${key} }` });
  await post(`/api/keys/${key}/rotate`, { overlapSeconds: 60 });
  await app.close();
  const kept =
    lines.join('') + JSON.stringify(await server.prisma.auditEvent.findMany({ omit: { id: true } }));
  expect(kept).toContain(made.id);
  for (const secret of [made.key, rotated.key, key]) expect(kept).not.toContain(secret.slice(16, -6));
});

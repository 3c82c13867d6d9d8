import { beforeEach, describe, expect, test } from 'vitest';
import { createAudit } from '../../src/audit/create-audit.ts';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { createLog } from '../../src/base/log.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.prisma.auditEvent.deleteMany();
});

const audit = () => server.auth.audit;
const ada = '11111111-1111-4111-8111-111111111111';
const request = new FetchIncoming(
  new Request('http://localhost/api/keys', {
    headers: { 'user-agent': `Browser ${'x'.repeat(1_000)}`, 'x-request-id': 'request-1' },
  }),
  '192.0.2.9',
);

async function get(query: string, key = server.adminKey) {
  const response = await server.fetch(`/api/audit${query}`, { key });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('an audit event', () => {
  test('is stored with who did it, from where, and what it concerns', async () => {
    const principal = await server.auth.authenticate(
      new FetchIncoming(
        new Request('http://localhost', { headers: { 'x-api-key': server.adminKey } }),
        '::1',
      ),
    );
    await audit().record({
      ...{ kind: 'key.created', userId: ada, subject: 'AbCdEfGhIjKl', principal, request },
      details: { name: 'Report', scopes: ['read'] },
    });
    const { events, next } = await audit().list();
    expect(next).toBeNull();
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        at: expect.any(Date),
        kind: 'key.created',
        userId: ada,
        subject: 'AbCdEfGhIjKl',
        actor: { kind: 'key', id: principal.id, userId: principal.userId, name: 'First key' },
        address: '192.0.2.9',
        userAgent: `Browser ${'x'.repeat(292)}`,
        requestId: 'request-1',
        details: { name: 'Report', scopes: ['read'] },
      },
    ]);
  });

  test('never contains a key, nor characters that the database cannot store', async () => {
    const { id, key } = makeApiKey();
    await audit().record({
      kind: 'odd',
      details: { note: `see ${key}`, nul: 'a\0b', half: '\ud83d', whole: '😀' },
    });
    const [event] = (await audit().list()).events;
    expect(event?.details).toEqual({
      note: `see pk_${id}[redacted]`,
      nul: 'a\ufffdb',
      half: '\ufffd',
      whole: '😀',
    });
  });

  test('that cannot be stored is logged, and the request succeeds', async () => {
    const lines: string[] = [];
    const log = createLog({ logLevel: 'info', logFormat: 'json' }, { write: line => void lines.push(line) });
    const broken = { ...server.database, query: () => Promise.reject(new Error('The disk is full.')) };
    await createAudit({ database: broken, log }).record({ kind: 'key.revoked', subject: 'x', userId: ada });
    expect(JSON.parse(lines[0]!)).toMatchObject({
      msg: 'an event could not be written to the audit log',
      kind: 'key.revoked',
      subject: 'x',
      error: { message: 'The disk is full.' },
    });
  });
});

describe('listing the audit log', () => {
  const bob = '22222222-2222-4222-8222-222222222222';
  beforeEach(async () => {
    // The middle three share a millisecond, as on a busy server.
    const times = ['2026-01-01', '2026-01-02', '2026-01-02', '2026-01-02', '2026-01-03'];
    await server.prisma.auditEvent.createMany({
      data: times.map((time, i) => ({
        at: new Date(time),
        kind: i % 2 ? 'key.revoked' : 'key.created',
        userId: i < 3 ? ada : bob,
        subject: `s${i}`,
        address: i === 4 ? '192.0.2.4' : '192.0.2.1',
        actor: { kind: 'session', id: 'x', userId: i === 0 ? bob : ada, name: 'A' },
      })),
    });
  });
  const subjects = (query: string) =>
    get(query).then(({ body }) => body.events.map((event: { subject: string }) => event.subject));

  test('returns every event once, newest first, page by page', async () => {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await get(`?take=2${after}`);
      expect(body.events.length).toBeLessThanOrEqual(2);
      seen.push(...body.events.map((event: { subject: string }) => event.subject));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(seen).toEqual(['s4', 's3', 's2', 's1', 's0']);
  });

  test.each([
    ['?kind=key.revoked', ['s3', 's1']],
    ['?kind=key.*', ['s4', 's3', 's2', 's1', 's0']],
    ['?kind=ke.*', []],
    ['?kind=key.%25', []],
    [`?userId=${ada}`, ['s2', 's1', 's0']],
    [`?actorUserId=${bob}`, ['s0']],
    ['?subject=s2', ['s2']],
    ['?address=192.0.2.4', ['s4']],
    ['?from=2026-01-02', ['s4', 's3', 's2', 's1']],
    ['?to=2026-01-02', ['s0']],
    [`?from=2026-01-02&to=2026-01-03&kind=key.created&userId=${ada}`, ['s2']],
    ["?subject=' or 1=1 --", []],
    ['?subject=%00', []],
  ])('finds by %s', async (query, expected) => {
    expect(await subjects(query)).toEqual(expected);
  });

  test.each([
    ['?take=0', 'INVALID_VALUE', 'take'],
    ['?take=501', 'INVALID_VALUE', 'take'],
    ['?take=x', 'INVALID_VALUE', 'take'],
    ['?after=x', 'INVALID_VALUE', 'after'],
    ['?after=99999999999999-999999999999999999999', 'INVALID_VALUE', 'after'],
    ['?from=yesterday', 'INVALID_VALUE', 'from'],
    ['?userId=me', 'INVALID_VALUE', 'userId'],
    ['?user=me', 'UNKNOWN_OPTION', 'user'],
  ])('refuses %s', async (query, code, target) => {
    const { status, body } = await get(query);
    expect([status, body.error.code, body.error.target]).toEqual([400, code, target]);
  });

  test('is for administrators only, and is never cached', async () => {
    expect((await get('')).headers.get('cache-control')).toBe('no-store');
    const { status, body } = await get('', await server.createKey('read', 'write'));
    expect([status, body.error.code, body.error.target]).toEqual([403, 'SCOPE_MISSING', 'admin']);
    expect((await server.fetch('/api/audit')).status).toBe(401);
    expect((await server.fetch('/api/audit', { key: server.adminKey, json: {} })).status).toBe(405);
  });
});

test('events older than the retention are deleted', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  await server.prisma.auditEvent.createMany({
    data: [401, 399].map(days => ({ kind: `${days}`, at: daysAgo(days) })),
  });
  expect(await audit().clear(400)).toBe(false);
  expect((await audit().list()).events.map(event => event.kind)).toEqual(['399']);
});

describe('auditEvents', () => {
  const ask = async (query: string, key = server.adminKey) =>
    (await server.fetch('/graphql', { key, json: { query } })).json();

  test('returns what GET /api/audit returns', async () => {
    for (const subject of ['s1', 's2', 's3'])
      await audit().record({ kind: 'key.created', subject, userId: ada, request, details: { a: 1 } });
    const fields = 'events { id at kind userId subject actor address userAgent requestId details } next';
    const { data } = await ask(`{ auditEvents(kind: "key.*", take: 2) { ${fields} } }`);
    expect(data.auditEvents).toEqual((await get('?kind=key.*&take=2')).body);
    const rest = await ask(
      `{ auditEvents(take: 2, after: "${data.auditEvents.next}") { events { subject } next } }`,
    );
    expect(rest.data.auditEvents).toEqual({ events: [{ subject: 's1' }], next: null });
  });

  test('refuses what GET /api/audit refuses', async () => {
    const { errors } = await ask('{ auditEvents(userId: "me") { next } }');
    expect(errors[0]).toMatchObject({ path: ['auditEvents'], extensions: { code: 'INVALID_VALUE' } });
    const key = await server.createKey('read', 'write');
    const refused = await ask('{ auditEvents { next } }', key);
    expect(refused.errors[0].extensions).toMatchObject({ code: 'SCOPE_MISSING', scope: 'admin' });
  });
});

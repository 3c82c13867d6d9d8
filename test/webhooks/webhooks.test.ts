import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const server = serverForFile({ demo: true, webhooks: true, env: { OUTBOUND_ALLOW: '127.0.0.1' } });
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

const call = async (method: string, path: string, json?: unknown, key = server.adminKey) => {
  const response = await server.fetch(`/api/webhooks${path}`, { method, key, json });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
};

const create = async (input: object = {}, key = server.adminKey) => {
  const { status, body } = await call('POST', '', { url: receiver.url, events: ['*'], ...input }, key);
  expect(status).toBe(201);
  return body as { id: string; secret: string };
};

const graphql = async (query: string, key = server.adminKey) => {
  const body = await (await server.fetch('/graphql', { key, json: { query } })).json();
  expect(body.errors).toBeUndefined();
  return body.data;
};

let made = 0;
const slug = () => `webhooks-${++made}`;
const createCategory = async (name: string) =>
  (await graphql(`mutation { createCategory(data: { name: "${name}", slug: "${slug()}" }) { id } }`))
    .createCategory.id as number;
const renameCategory = (id: number, name: string) =>
  graphql(`mutation { updateCategory(id: ${id}, data: { name: "${name}" }) { id } }`);

const typesOf = (received: Receiver['received']) => received.map(({ event }) => event.type);

describe('an event', () => {
  test('is sent for each change, signed, with old and new values', async () => {
    const { secret } = await create({ events: ['categories.*'] });
    const id = await createCategory('Hats');
    await renameCategory(id, 'Caps');
    await graphql(`mutation { deleteCategory(id: ${id}) { id } }`);
    await receiver.until(received => received.length === 3);
    expect(typesOf(receiver.received)).toEqual([
      'categories.created',
      'categories.updated',
      'categories.deleted',
    ]);
    for (const { body, headers } of receiver.received)
      expect(new Verifier(secret).verify(body, headers as Record<string, string>)).toBeTruthy();
    const [created, updated, deleted] = receiver.received.map(({ event }) => event.data);
    expect(created).toMatchObject({
      set: 'categories',
      key: { id },
      position: '1',
      record: { name: 'Hats' },
    });
    expect(updated).toMatchObject({ key: { id }, changes: { name: { old: 'Hats', new: 'Caps' } } });
    expect(deleted).toMatchObject({ key: { id }, record: { name: 'Caps' } });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  test('is cut to what the creator may read, and not sent if only other fields changed', async () => {
    const key = await server.createKey('customers:read');
    await create({ events: ['customers.updated'] }, key);
    const set = (data: string) => graphql(`mutation { updateCustomer(id: 1, data: { ${data} }) { id } }`);
    await set('phone: "+1 555 0100"');
    await set('phone: "+1 555 0101", name: "Renamed"');
    const [first] = await receiver.until(received => received.length === 1);
    expect(first!.event.data.changes).toEqual({ name: { old: expect.any(String), new: 'Renamed' } });
    expect(first!.body).not.toMatch(/phone|555/);
  });

  test('is sent only if a field of interest changed', async () => {
    await create({ events: ['products.updated'], fields: ['stock'] });
    await graphql('mutation { updateProduct(id: 2, data: { name: "Another name" }) { id } }');
    await graphql('mutation { updateProduct(id: 2, data: { stock: 12345 }) { id } }');
    const [first] = await receiver.until(received => received.length === 1);
    expect(first!.event.data.changes.stock).toMatchObject({ new: 12345 });
  });

  test('is not sent for what its owner may no longer read, or once its key is revoked', async () => {
    const { key, id } = await server.auth.keys.create({
      ...{ email: 'admin@example.com', name: 'Hook', scopes: ['categories:read'] },
    });
    await create({ events: ['categories.*'] }, key);
    await createCategory('Seen');
    await receiver.until(received => received.length === 1);
    await server.auth.keys.revoke(id, {});
    await new Promise(resolve => setTimeout(resolve, 1_100));
    await createCategory('Unseen');
    const other = await create({ events: ['categories.created'] });
    await createCategory('Last');
    await receiver.until(received => received.some(({ body }) => body.includes('"Last"')));
    expect(receiver.received.filter(({ body }) => body.includes('Unseen'))).toEqual([]);
    await call('DELETE', `/${other.id}`);
  });
});

describe('a delivery that fails', () => {
  test('is tried again with the same id, before later events of the same record', async () => {
    const { id: hook } = await create({ events: ['categories.*'] });
    receiver.respond = (_received, count) => ({ status: count === 1 ? 500 : 200, body: 'no luck' });
    const id = await createCategory('Retry');
    await receiver.until(received => received.length === 1);
    await renameCategory(id, 'Retried');
    // The events of other records do not wait.
    await createCategory('Meanwhile');
    await receiver.until(received => received.some(({ body }) => body.includes('Meanwhile')));
    await receiver.until(received => received.length === 4);
    const ofRecord = receiver.received.filter(({ event }) => event.data.key.id === id);
    expect(typesOf(ofRecord)).toEqual(['categories.created', 'categories.created', 'categories.updated']);
    expect(ofRecord[0]!.headers['webhook-id']).toBe(ofRecord[1]!.headers['webhook-id']);
    const { body } = await call('GET', `/${hook}/deliveries/${ofRecord[0]!.headers['webhook-id']}`);
    expect(body).toMatchObject({
      event: 'categories.created',
      attempts: 2,
      payload: { type: 'categories.created' },
      log: [{ status: 500, excerpt: 'no luck' }, { status: 200 }],
    });
  });

  test('does not hold up other webhooks', async () => {
    await using slow = await startReceiver();
    slow.respond = () => ({ status: 200, delayMs: 3_000 });
    await create({ url: slow.url, events: ['categories.created'] });
    await create({ events: ['categories.created'] });
    for (let count = 0; count < 10; count++) await createCategory(`Fast ${count}`);
    await receiver.until(received => received.length === 10);
    expect(slow.received.length).toBeLessThan(10);
  });

  test('disables the webhook if the receiver says that it is gone', async () => {
    const { id } = await create({ events: ['categories.created'] });
    receiver.respond = () => ({ status: 410 });
    await createCategory('Gone');
    await receiver.until(received => received.length === 1);
    await expect
      .poll(async () => (await call('GET', `/${id}`)).body, { timeout: 60_000 })
      .toMatchObject({ active: false, disabledReason: 'The receiver responded with 410 Gone.' });
    expect((await call('POST', `/${id}/ping`, {})).status).toBe(409);
    // Nothing is lost: what happened meanwhile is sent once it is enabled.
    await createCategory('While disabled');
    receiver.respond = () => ({ status: 200 });
    expect((await call('PATCH', `/${id}`, { active: true })).body.active).toBe(true);
    await receiver.until(received => received.some(({ body }) => body.includes('While disabled')));
  });
});

describe('the API', () => {
  test('creates, lists, changes, pings and deletes', async () => {
    const { id, secret } = await create({ name: 'Shop', events: ['products.created', 'products.created'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { body } = await call('GET', `/${id}`);
    expect(body).toMatchObject({ id, name: 'Shop', events: ['products.created'], active: true });
    expect(JSON.stringify(body)).not.toContain('whsec_');
    const changed = await call('PATCH', `/${id}`, { name: 'Shop 2', events: ['orders.*'] });
    expect(changed.body).toMatchObject({ name: 'Shop 2', events: ['orders.*'] });
    const ping = await call('POST', `/${id}/ping`, {});
    expect(ping.status).toBe(202);
    const [first] = await receiver.until(received => received.length === 1);
    expect(first!.event).toMatchObject({ type: 'ping', data: { webhook: id } });
    await expect
      .poll(async () => (await call('GET', `/${id}/deliveries?state=delivered`)).body.deliveries, {
        timeout: 60_000,
      })
      .toMatchObject([{ id: ping.body.delivery, event: 'ping', attempts: 1 }]);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  test('signs with both secrets while one replaces the other', async () => {
    const { id, secret } = await create({ events: ['orders.*'] });
    const rotated = await call('POST', `/${id}/secret`, { overlapSeconds: 3600 });
    await call('POST', `/${id}/ping`, {});
    const [first] = await receiver.until(received => received.length === 1);
    for (const one of [secret, rotated.body.secret])
      expect(new Verifier(one).verify(first!.body, first!.headers as Record<string, string>)).toBeTruthy();
    await call('POST', `/${id}/secret`, { overlapSeconds: 0 });
    await call('POST', `/${id}/ping`, {});
    await receiver.until(received => received.length === 2);
    const { body, headers } = receiver.received[1]!;
    expect(() => new Verifier(secret).verify(body, headers as Record<string, string>)).toThrow();
  });

  test('delivers again what is asked for, with the same ids', async () => {
    const { id } = await create({ events: ['categories.created'] });
    await createCategory('Again');
    await receiver.until(received => received.length === 1);
    const path = `/${id}/deliveries?state=delivered`;
    await expect
      .poll(async () => (await call('GET', path)).body.deliveries.length, { timeout: 60_000 })
      .toBe(1);
    expect((await call('POST', `/${id}/redeliver`, { state: 'delivered' })).body).toEqual({ count: 1 });
    await receiver.until(received => received.length === 2);
    expect(receiver.received[0]!.headers['webhook-id']).toBe(receiver.received[1]!.headers['webhook-id']);
    expect((await call('POST', `/${id}/redeliver`, {})).body.error.code).toBe('INVALID_VALUE');
  });

  test.each([
    [{ url: 'http://10.0.0.1/' }, 'url'],
    [{ url: 'http://169.254.169.254/latest' }, 'url'],
    [{ url: 'file:///etc/passwd' }, 'url'],
    [{ events: [] }, 'events'],
    [{ events: ['nothing.created'] }, 'events'],
    [{ events: ['products.made'] }, 'events'],
    [{ events: ['products.updated'], fields: ['nothing'] }, 'fields'],
    [{ name: ' ' }, 'name'],
  ])('refuses %j', async (input, target) => {
    const { status, body } = await call('POST', '', { url: receiver.url, events: ['*'], ...input });
    expect([status, body.error.code, body.error.target]).toEqual([400, 'INVALID_VALUE', target]);
  });

  test('refuses events of sets that the caller may not read, and shows no webhook of another user', async () => {
    const key = await server.createKey('categories:read');
    const refused = await call('POST', '', { url: receiver.url, events: ['products.created'] }, key);
    expect([refused.status, refused.body.error.target]).toEqual([403, 'products:read']);
    const { id } = await create({ events: ['categories.*'] });
    const cookie = await server.signIn('vera@example.com', { role: 'viewer' });
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await server.fetch(`/api/webhooks/${id}`, { headers })).status).toBe(404);
    const own = await (await server.fetch('/api/webhooks', { headers })).json();
    expect(own.webhooks).toEqual([]);
    expect((await server.fetch(`/api/webhooks/${id}`, { method: 'DELETE', headers })).status).toBe(404);
    expect((await server.fetch('/api/webhooks')).status).toBe(401);
  });

  test('shows a webhook, and what it sent, to credentials with all of its scopes, and changes it for them', async () => {
    const { id } = await create({ events: ['categories.created'] }, await server.createKey('read'));
    await createCategory('Reach');
    await receiver.until(received => received.length === 1);
    const sent = receiver.received[0]!.headers['webhook-id'] as string;
    const less = await server.createKey('categories:read');
    for (const [method, path, json] of [
      ['GET', `/${id}`],
      ['GET', `/${id}/deliveries/${sent}`],
      ['PATCH', `/${id}`, { url: 'https://evil.example/' }],
      ['DELETE', `/${id}`],
    ] as const)
      expect([path, (await call(method, path, json, less)).status]).toEqual([path, 404]);
    const { body: own } = await call('GET', '', undefined, less);
    expect(own.webhooks.map((one: { id: string }) => one.id)).not.toContain(id);
    const admin = await server.createKey('admin');
    for (const [method, path, json] of [
      ['PATCH', `/${id}`, { url: 'https://evil.example/' }],
      ['PATCH', `/${id}`, { events: ['*'] }],
      ['PATCH', `/${id}`, { active: true }],
      ['POST', `/${id}/secret`, {}],
      ['POST', `/${id}/ping`, {}],
      ['POST', `/${id}/redeliver`, { state: 'delivered' }],
      ['GET', `/${id}/deliveries`],
      ['GET', `/${id}/deliveries/${sent}`],
      ['POST', `/${id}/deliveries/${sent}/redeliver`, {}],
    ] as const) {
      const { status, body } = await call(method, path, json, admin);
      expect([path, status, body.error.target]).toEqual([path, 403, 'read']);
    }
    expect((await call('PATCH', `/${id}`, { active: false }, admin)).body.active).toBe(false);
    expect((await call('DELETE', `/${id}`, undefined, admin)).status).toBe(204);
  });

  test('gives a webhook no events that its creator could not have read', async () => {
    const { id } = await create({ events: ['categories.*'] }, await server.createKey('categories:read'));
    const { status, body } = await call('PATCH', `/${id}`, { events: ['orders.*'] });
    expect([status, body.error.target]).toEqual([403, 'events']);
  });

  test('is not for access tokens, nor for keys that were made with one', async () => {
    const { key } = await server.auth.keys.create({
      ...{ email: 'admin@example.com', name: 'Of a user', scopes: ['categories:read'] },
    });
    const made = await server.auth.keys.create({
      ...{ email: 'admin@example.com', name: 'Of an app', scopes: ['categories:read'] },
    });
    await server.prisma.oauthApp.create({
      data: {
        ...{
          id: 'hook-app',
          name: 'App',
          redirectUris: [],
          scopes: ['categories:read'],
          confidential: false,
        },
        owner: { connect: { email: 'admin@example.com' } },
      },
    });
    await server.prisma.apiKey.update({ where: { id: made.id }, data: { appId: 'hook-app' } });
    const input = { url: receiver.url, events: ['categories.*'] };
    expect((await call('POST', '', input, key)).status).toBe(201);
    const refused = await call('POST', '', input, made.key);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'SCOPE_MISSING']);
  });
});

test('events of a set begin anew when it is subscribed to again', async () => {
  const { id } = await create({ events: ['categories.created'] });
  await call('PATCH', `/${id}`, { events: ['orders.*'] });
  await createCategory('Between');
  await call('PATCH', `/${id}`, { events: ['categories.created'] });
  await createCategory('Afterwards');
  const [first] = await receiver.until(received => received.length === 1);
  expect(first!.event.data.record.name).toBe('Afterwards');
});

test('a set that the project adds later is included in *', async () => {
  const { id } = await create({ events: ['*'] });
  await server.database.query(
    `DELETE FROM "portolan"."webhook_position" WHERE "webhookId" = $1::uuid AND "entity" = 'Category'`,
    [id],
  );
  await expect
    .poll(
      async () => {
        await createCategory('Later');
        return receiver.received.length;
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBeGreaterThan(0);
});

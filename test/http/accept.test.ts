// What a client asks for by Accept and Prefer, and is not served, it is told.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

let key: string;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  key = await server.createKey('read', 'write', 'admin');
});

const query = { query: 'products(take: 1) { id }' };
const doors: Readonly<Record<string, { json?: unknown; method?: string; body?: string }>> = {
  '/api/query': { json: query },
  '/api/import?entity=warehouses': { method: 'POST', body: 'code,name,city\nNOT,Not made,Here\n' },
  '/api/me': {},
  '/api/keys': {},
  '/api/audit': {},
  '/api/users': {},
  '/api/apps': {},
  '/api/developer': {},
  '/api/safestore': {},
};

describe('what answers JSON alone', () => {
  test.each(Object.keys(doors))('%s refuses whoever accepts none', async path => {
    const response = await server.fetch(path, { key, ...doors[path], headers: { accept: 'text/csv' } });
    expect(response.status).toBe(406);
    expect(await response.json()).toMatchObject({
      error: { code: 'NOT_ACCEPTABLE', hint: 'Accept application/json.' },
    });
  });

  test('nothing is done for who could not read the answer', async () => {
    const rows = await server.database.query(`SELECT FROM "Warehouse" WHERE code = 'NOT'`);
    expect(rows.rows).toHaveLength(0);
  });

  test.each([
    '',
    '*/*',
    'application/json',
    'Application/JSON; charset=utf-8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/csv, application/*;q=0.1',
    'application/json;IEEE754Compatible=true',
  ])('serves "%s"', async accept => {
    const response = await server.fetch('/api/query', { key, json: query, headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test.each(['application/json;q=0', 'application/json; q=0.000, text/html', 'text/*', 'application/xml'])(
    'refuses "%s"',
    async accept => {
      expect((await server.fetch('/api/query', { key, json: query, headers: { accept } })).status).toBe(406);
    },
  );

  test('asks for a credential first', async () => {
    expect((await server.fetch('/api/me', { headers: { accept: 'text/csv' } })).status).toBe(401);
  });

  test('applies no preference, and says of none that it was applied', async () => {
    const prefer = 'return=minimal, odata.maxpagesize=1, respond-async';
    const response = await server.fetch('/api/query', { key, json: query, headers: { prefer } });
    expect([response.status, response.headers.get('preference-applied')]).toEqual([200, null]);
    expect((await response.json()).products).toHaveLength(1);
  });
});

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openTestDatabase, startServer, type TestServer } from '../harness.ts';
import { startProcess } from '../http/server-process.ts';
import { databaseUrl, execute } from '../setup/postgresql-templates.ts';

const { kind, place } = inject('templates');

describe.runIf(kind === 'postgresql')('a database that', () => {
  let server: TestServer;
  let name: string;
  beforeAll(async () => {
    server = await startServer();
    name = (await server.database.query('select current_database()')).rows[0]![0]!;
  });
  afterAll(() => server?.close());

  const sees = async (path: string, init = {}) => {
    const response = await server.fetch(path, { key: server.adminKey, ...init });
    return {
      status: response.status,
      body: await response.json(),
      retry: response.headers.get('retry-after'),
    };
  };
  const read = () => sees('/api/query', { json: { query: 'products { id }' } });
  const insert = {
    json: { query: 'mutation { createSupplier(data: { code: "S1", name: "One", country: "DE" }) { code } }' },
  };

  test('became read-only is read, and says so where it is written', async () => {
    await execute(place, `alter database "${name}" set default_transaction_read_only = on`);
    await endConnections();
    expect(await read()).toMatchObject({ status: 200, body: { products: [] } });
    const written = await sees('/odata/suppliers', { json: { code: 'S1', name: 'One', country: 'DE' } });
    expect(written).toMatchObject({
      status: 503,
      retry: '5',
      body: { error: { code: 'UNAVAILABLE', message: expect.stringContaining('read-only') } },
    });
    expect((await sees('/graphql', insert)).body).toMatchObject({
      errors: [{ extensions: { code: 'UNAVAILABLE' }, message: expect.stringContaining('read-only') }],
    });
    expect(await sees('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', degraded: ['the database is read-only: nothing can be written'] },
    });
    await execute(place, `alter database "${name}" reset default_transaction_read_only`);
    await endConnections();
    expect((await sees('/readyz')).body).toEqual({ status: 'ready' });
  });

  test('takes no new connections is read over those that are there', async () => {
    await read();
    await execute(place, `alter database "${name}" with allow_connections false`);
    const answers = await Promise.all(Array.from({ length: 12 }, read));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    await endConnections();
    expect(await read()).toMatchObject({
      status: 503,
      retry: '5',
      body: {
        error: { code: 'UNAVAILABLE', message: 'The database accepts no new connections at present.' },
      },
    });
    expect((await sees('/readyz')).status).toBe(503);
    await execute(place, `alter database "${name}" with allow_connections true`);
    expect((await read()).status).toBe(200);
  });

  /** As at a restart: every connection ends, and whoever asks meanwhile is told so. */
  async function endConnections(): Promise<void> {
    await execute(
      place,
      'select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
    while (server.database.pool.idleCount > 0) await new Promise(resolve => setTimeout(resolve, 10));
  }
});

describe.runIf(kind === 'postgresql')('a role without CREATE', () => {
  const role = `portolan_poor_${process.pid}`;
  const peppers = { SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}` };
  const as = (url: string) => {
    const own = new URL(url);
    own.username = role;
    return own.href;
  };
  beforeAll(() => execute(place, `create role ${role} login`));
  afterAll(() => execute(place, `drop role ${role}`));

  test('names the missing GRANT, without a stack', async () => {
    const empty = `${role}_empty`;
    await execute(place, `create database ${empty}`);
    const server = startProcess({ DATABASE_URL: as(databaseUrl(place, empty)), ...peppers });
    expect(await server.ended).toBe(1);
    const { err } = server.written();
    expect(err.trim().split('\n')).toEqual([
      `The role ${role} lacks a permission that the start needs (permission denied for database ${empty}): let the database's owner run GRANT CREATE ON DATABASE ${empty} TO ${role}; GRANT USAGE, CREATE ON SCHEMA public TO ${role};`,
    ]);
    const grant = /GRANT .*;$/.exec(err.trim())![0];
    const owner = new pg.Client(databaseUrl(place, empty));
    await owner.connect();
    await owner.query(grant);
    await owner.end();
    const again = startProcess({ DATABASE_URL: as(databaseUrl(place, empty)), ...peppers });
    await again.ready;
    again.child.kill('SIGTERM');
    await again.ended;
    await execute(place, `drop database ${empty} with (force)`);
  });

  test('serves a database that is up to date', async () => {
    await using opened = await openTestDatabase();
    const owner = new pg.Client(opened.env.DATABASE_URL);
    await owner.connect();
    await owner.query(`grant select, insert, update, delete on all tables in schema public to ${role};
      grant usage, select on all sequences in schema public to ${role};
      grant usage on schema portolan to ${role};
      grant select, insert, update, delete on all tables in schema portolan to ${role};
      grant usage, select, update on all sequences in schema portolan to ${role}`);
    const first = startProcess({ DATABASE_URL: opened.env.DATABASE_URL!, ...peppers });
    await first.ready;
    first.child.kill('SIGTERM');
    await first.ended;
    const server = startProcess({ DATABASE_URL: as(opened.env.DATABASE_URL!), ...peppers });
    const address = await server.ready;
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    await server.ended;
    await owner.query(`drop owned by ${role}`);
    await owner.end();
  });
});

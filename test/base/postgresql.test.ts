import { randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { describe, expect, inject, test } from 'vitest';
import { openPostgresql } from '../../src/base/database/postgresql.ts';
import { databaseUrl, execute } from '../setup/postgresql-templates.ts';

const log = pino({ level: 'silent' });
const open = (url: string, connectWaitMs = 0) =>
  openPostgresql({ databaseUrl: url, databasePoolMax: 2, statementTimeoutMs: 1000, connectWaitMs }, log);

async function failureOf(url: string): Promise<{ code: string; message: string }> {
  const error: unknown = await open(url).then(
    database => database.close(),
    error => error,
  );
  return error as { code: string; message: string };
}

test('a server out of reach is named, without the password', async () => {
  const error = await failureOf('postgresql://ada:hunter2@127.0.0.1:1/shop');
  expect(error).toMatchObject({
    code: 'UNAVAILABLE',
    message: 'The database "shop" at 127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1',
  });
  expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
});

describe.runIf(inject('templates').kind === 'postgresql')('with a server', () => {
  const { place, plain } = inject('templates');
  test('a server that is starting is waited for', async () => {
    const { hostname, port } = new URL(place);
    const sockets = new Set<Socket>();
    const proxy = createServer(client => {
      const server = connect(Number(port || 5432), hostname);
      for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
      client.pipe(server).pipe(client);
    });
    const proxyUrl = new URL(databaseUrl(place, plain));
    proxyUrl.hostname = '127.0.0.1';
    proxyUrl.port = String(await freePort());
    setTimeout(() => proxy.listen(Number(proxyUrl.port), '127.0.0.1'), 1200);
    const database = await open(proxyUrl.href, 60_000);
    expect((await database.query('select 1')).rows).toEqual([['1']]);
    await database.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  test('a database that does not exist is named at once', async () => {
    expect((await failureOf(databaseUrl(place, 'no_such_database'))).message).toContain('"no_such_database"');
  });

  test('a database without UTF-8 is refused', async () => {
    const name = `${inject('templates').prefix}latin_${randomBytes(3).toString('hex')}`;
    await execute(
      place,
      `create database ${name} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    expect((await failureOf(databaseUrl(place, name))).message).toContain('encoding LATIN1');
  });

  test('sessions are in UTC whatever the database says, and options of the URL stay in force', async () => {
    const name = `${inject('templates').prefix}zone_${randomBytes(3).toString('hex')}`;
    await execute(place, `create database ${name}`);
    await execute(place, `alter database ${name} set timezone = 'Europe/Berlin'`);
    await execute(place, `alter database ${name} set datestyle = 'German'`);
    const own = new URL(databaseUrl(place, name));
    own.searchParams.set('options', '-c work_mem=5MB -c TimeZone=Asia/Tokyo');
    const database = await open(own.href);
    const { rows } = await database.query(
      `select timestamptz '2026-01-02 03:04:05+01', current_setting('work_mem'), current_setting('statement_timeout'),
         current_setting('application_name')`,
    );
    expect(rows).toEqual([['2026-01-02 02:04:05+00', '5MB', '1s', 'portolan']]);
    await database.close();
  });
});

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { type Assembly, assemble } from '../../src/assemble.ts';
import { readConfig } from '../../src/base/config/config.ts';
import type { Database, RawRow } from '../../src/base/database/database.ts';
import { createLog } from '../../src/base/log.ts';
import { migrateAll } from '../../src/platform/migrate-all.ts';
import { catalogOf } from '../../src/project.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

// A database of version 0.1, by pg_dump: its keys and secrets are good for nothing else.
const dump = readFileSync(new URL('version-0.1.sql', import.meta.url), 'utf8');
const key = 'pk_AQ4AwG0NBMWt_j5X3ihFuydE3vBmyPjTlMqPbGhqpWdDOOhS2Oh7q9OU2VGQxQ';
const [clientId, clientSecret] = [
  'app_f5p23at9wsup8k9u4qdc',
  'pas_0Xl1x3qAfmI45_C3QZAWzR-hj_cE-oCvUqjW9_7AcWU2AQClc',
];
const silent = pino({ level: 'silent' });

async function restore(database: Database): Promise<void> {
  await database.query(
    'drop schema public cascade; drop schema if exists "portolan" cascade; create schema public',
  );
  await database.query(dump);
}

/** Everything that a schema's tables consist of, as text. */
async function structure(database: Database): Promise<readonly RawRow[]> {
  const { rows } = await database.query(`
    select 'column', table_name, column_name, concat_ws(' ', udt_schema, udt_name, is_nullable, column_default,
      collation_name, character_maximum_length, datetime_precision)
    from information_schema.columns where table_schema = 'portolan'
    union all select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'portolan'
    union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'portolan'::regnamespace
    union all select 'function', proname, '', prosrc from pg_proc where pronamespace = 'portolan'::regnamespace
    union all select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
    from pg_trigger where tgrelid::regclass::text like 'portolan.%' and not tgisinternal
    union all select 'enum', typname, enumlabel, enumsortorder::text from pg_enum join pg_type t on t.oid = enumtypid
    where typnamespace = 'portolan'::regnamespace
    union all select 'sequence', relname, '', '' from pg_class where relkind = 'S' and relnamespace = 'portolan'::regnamespace
    order by 1, 2, 3, 4`);
  return rows;
}

describe('a database of version 0.1', () => {
  let opened: TestDatabase;
  let assembly: Assembly;
  let fresh: readonly RawRow[];
  beforeAll(async () => {
    opened = await openTestDatabase();
    fresh = await structure(opened.database);
    await restore(opened.database);
    const config = readConfig({
      ...opened.env,
      LOG_LEVEL: 'silent',
      DEMO_DATA: 'false',
      SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    });
    assembly = await assemble({
      project,
      catalog: catalogOf(project),
      config,
      log: createLog(config),
      database: opened.database,
    });
  });
  afterAll(async () => {
    await assembly?.[Symbol.asyncDispose]();
    await opened?.close();
  });

  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const request = new Request(`http://localhost:3000${path}`, {
      ...init,
      headers: { 'x-api-key': key, ...init.headers },
    });
    const response = await assembly.app.fetch(request);
    return [response.status, await response.json()];
  };
  const graphql = (query: string): Promise<unknown> =>
    ask('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });

  test('is upgraded to the structure of a new one', async () => {
    expect(await structure(opened.database)).toEqual(fresh);
  });

  test('leaves nothing of the platform among the tables of the project', async () => {
    const { rows } = await opened.database.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relname like 'portolan\\_%'
         and relkind in ('r', 'S') order by 1`,
    );
    expect(rows).toEqual([]);
    const { rows: records } = await opened.database.query('select migration_name from "_prisma_migrations"');
    expect(records).toEqual([['20261124000000_initial']]);
  });

  test('keeps its administrator: there is no first start', () => {
    expect(assembly.firstStart).toBeUndefined();
  });

  test('serves its data to its keys', async () => {
    expect(await graphql('{ products { sku name price category { slug } } }')).toEqual([
      200,
      { data: { products: [{ sku: 'T-1', name: 'Hammer', price: '13.00', category: { slug: 'tools' } }] } },
    ]);
    expect(await ask('/api/keys')).toMatchObject([
      200,
      { keys: [{ name: 'First key' }, { name: 'reader' }] },
    ]);
  });

  test('opens what was sealed: an app signs in with its secret', async () => {
    const response = await assembly.app.fetch(
      new Request('http://localhost:3000/auth/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope: 'read',
        }),
      }),
    );
    expect([response.status, await response.json()]).toMatchObject([200, { scope: 'read' }]);
  });

  test('keeps the change log, and goes on with it', async () => {
    const changes = 'changes(entity: "products") { kind key position }';
    const [, first] = (await graphql(`{ ${changes} }`)) as [number, { data: { changes: unknown[] } }];
    expect(first.data.changes).toHaveLength(4);
    await graphql('mutation { updateProduct(sku: "T-1", data: { stock: 3 }) { id } }');
    const { rows } = await opened.database.query(
      `select entity, key, position, kind from "portolan"."change" where entity = 'Product' order by id`,
    );
    expect(rows).toEqual([
      ['Product', '1', '1', 'insert'],
      ['Product', '2', '1', 'insert'],
      ['Product', '1', '2', 'update'],
      ['Product', '2', '2', 'delete'],
      ['Product', '1', '3', 'update'],
    ]);
  });

  test('keeps users, apps, invitations and the audit log', async () => {
    const { rows } = await opened.database.query(`select
      (select string_agg(email, ' ' order by email) from "portolan"."user"), (select count(*) from "portolan"."audit_event"
      where kind <> 'key.used' and id <= 6), (select count(*) from "portolan"."sign_in_link"),
      (select count(*) from "portolan"."oauth_app"), (select count(*) from "portolan"."developer")`);
    expect(rows).toEqual([['admin@example.com viewer@example.com', '6', '1', '1', '1']]);
  });

  test('is upgraded once: a second start changes nothing', async () => {
    const before = await structure(opened.database);
    expect(await migrateAll(opened.database, project.migrations, silent)).toEqual([]);
    expect(await structure(opened.database)).toEqual(before);
  });
});

test('a database of a version before 0.1 is refused, and left as it is', async () => {
  await using opened = await openTestDatabase();
  const { database } = opened;
  await restore(database);
  await database.query(`delete from "_prisma_migrations" where migration_name like '%identity'`);
  await expect(migrateAll(database, project.migrations, silent)).rejects.toMatchObject({
    code: 'CONFLICT',
    hint: 'Start version 0.1 with it once, then this version.',
  });
  const { rows } = await database.query(
    `select to_regclass('portolan_user') is not null, to_regnamespace('portolan') is null`,
  );
  expect(rows).toEqual([['t', 't']]);
});

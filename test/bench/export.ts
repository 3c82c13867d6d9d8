// Exports of a large set in each format: rows a second and memory, beside `psql \copy` of the same columns.
//   npm run bench:export -- [rows]            DATABASE_URL as for npm run bench; without PostgreSQL the embedded database alone

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import project from '../../portolan.config.ts';
import { readConfig } from '../../src/base/config/config.ts';
import { openDatabase } from '../../src/base/database/open-database.ts';
import { createLog } from '../../src/base/log.ts';
import { migrateAll } from '../../src/platform/migrate-all.ts';
import { type Server, startServer } from './processes.ts';
import { createDatabase, environmentOf, oursCommand } from './set-up.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const databaseUrl = process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

const columns = [
  'id',
  'sku',
  'name',
  'description',
  'price',
  'stock',
  'active',
  'tags',
  'weight',
  'createdAt',
];
const quoted = columns.map(name => `"${name}"`).join(', ');

const insert = `INSERT INTO "Product" (sku, name, description, price, stock, active, tags, weight, "updatedAt")
  SELECT 'SKU-' || n, 'Product number ' || n, 'What product ' || n || ' is good for, in a sentence of ordinary length.',
    (n % 100000) / 100.0, n % 500, n % 7 <> 0, ARRAY['a', 'b'], (n % 1000) / 7.0, now()
  FROM generate_series(1, ${rows}) n`;

async function fill(environment: Readonly<Record<string, string>>): Promise<void> {
  const config = readConfig({ ...environment, STATEMENT_TIMEOUT_MS: '0' });
  const log = createLog({ logLevel: 'warn', logFormat: 'json' });
  await using database = Object.assign(await openDatabase(config, log), {
    [Symbol.asyncDispose]: () => database.close(),
  });
  await migrateAll(database, project.migrations, log);
  await database.query(insert);
  await database.query('ANALYZE "Product"');
}

interface Measured {
  readonly what: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly cpuSeconds?: number;
  readonly memory?: { readonly now: number; readonly peak: number };
}

function measure(what: string, command: () => number, server?: Server): Measured {
  server?.memory();
  const cpuMs = server?.cpuMs() ?? 0;
  const start = performance.now();
  const bytes = command();
  const seconds = (performance.now() - start) / 1_000;
  const cpuSeconds = server && (server.cpuMs() - cpuMs) / 1_000;
  return { what, seconds, bytes, cpuSeconds, memory: server?.memory() };
}

/** curl takes less of the machine than a client in this process would. */
function download(server: Server, options: Readonly<Record<string, string>>): number {
  const url = `http://127.0.0.1:${server.port}/api/export/products?${new URLSearchParams(options)}`;
  const key = `x-api-key: ${server.headers['x-api-key']}`;
  return Number(execFileSync('curl', ['-sf', '-o', '/dev/null', '-w', '%{size_download}', '-H', key, url]));
}

function copy(url: string): number {
  const command = `\\copy (SELECT ${quoted} FROM "Product" ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)`;
  return execFileSync('psql', [url, '-c', command], { maxBuffer: 2 ** 31 }).length;
}

const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? '' : (bytes / 1_048_576).toFixed(0);

function show(measured: readonly Measured[]): void {
  const [reference] = measured.filter(({ what }) => what.startsWith('psql'));
  const lines = measured.map(({ what, seconds, bytes, cpuSeconds, memory }) => ({
    what,
    seconds: seconds.toFixed(1),
    'processor time, s': cpuSeconds?.toFixed(1) ?? '',
    'rows/s': Math.round(rows / seconds),
    'file, MB': megabytes(bytes),
    'peak memory, MB': megabytes(memory?.peak),
    'memory after, MB': megabytes(memory?.now),
    'of psql': reference ? (reference.seconds / seconds).toFixed(2) : '',
  }));
  console.table(lines);
}

async function bench(name: string, url: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-bench-export-'));
  const environment = environmentOf(folder, url);
  try {
    await fill(environment);
    const server = await startServer(await oursCommand(environment, folder, { profile: undefined }));
    try {
      const select = columns.join(',');
      const exported = (format: string, more: Readonly<Record<string, string>> = {}) =>
        measure(
          [format, ...Object.keys(more)].join(' '),
          () => download(server, { select, format, ...more }),
          server,
        );
      download(server, { select, limit: '1000' });
      console.log(`${name}, ${rows} rows of ${columns.length} columns`);
      show([
        ...(url ? [measure('psql \\copy', () => copy(url))] : []),
        exported('csv'),
        exported('ndjson'),
        exported('json'),
        exported('xlsx'),
        exported('csv', { orderBy: 'price,name' }),
        ...(url ? [exported('csv', { consistent: 'true' })] : []),
      ]);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const own = await createDatabase({ databaseUrl, databaseGiven: process.env.DATABASE_URL !== undefined });
if (own) await bench('PostgreSQL', own.url).finally(() => own.drop());
await bench('Embedded database', undefined);

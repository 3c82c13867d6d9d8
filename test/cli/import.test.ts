import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { progressLine } from '../../src/cli/terminal/progress.ts';
import { serverForFile } from '../harness.ts';
import { onPort, portolan } from './run.ts';

const server = serverForFile();
const folder = mkdtempSync(join(tmpdir(), 'portolan-import-'));
let http: Awaited<ReturnType<typeof onPort>>;
beforeAll(async () => {
  http = await onPort(server);
});
afterAll(() => {
  http.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const run = (...args: string[]) => portolan(['import', ...args, '--entity', 'products'], http.env);

async function count(prefix: string): Promise<number> {
  const where = `{sku: {startsWith: "${prefix}"}}`;
  const json = { query: `productsCount(where: ${where})` };
  return (await (await server.fetch('/api/query', { key: server.adminKey, json })).json()).productsCount;
}

describe('import', () => {
  test('imports a file, and says what came of it on standard error', async () => {
    const path = file('tea "2".csv', 'sku,name,price\nTEA-1,Green,4.20\nTEA-2,Black,3.90\n');
    expect(await run(path)).toEqual({
      code: 0,
      out: '',
      err: `${path}: 2 rows imported (2 inserted, 0 updated).`,
    });
    expect((await run(path)).err).toContain('(0 inserted, 2 updated).');
    expect(await count('TEA-')).toBe(2);
  });

  test('imports compressed files, and prints JSON', async () => {
    const path = file('zip.csv.gz', gzipSync('sku,name,price\nZIP-1,Zip,1\n'));
    const { code, out } = await run(path, '--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { imported: 1, inserted: 1, updated: 0, failed: 0, errors: [] },
    ]);
  });

  test('prints errors as a table, imports nothing, and ends with code 1', async () => {
    const path = file('bad.csv', 'sku,name,price\nBAD-1,Good,1\nBAD-2,Bad,cheap\n');
    const { code, out, err } = await run(path);
    expect(code).toBe(1);
    expect(out).toMatch(/^ROW +COLUMN +VALUE +MESSAGE\n3 +price +cheap +\S/);
    expect(err).toContain('nothing was imported');
    expect(await count('BAD-')).toBe(0);
    const skipped = await run(path, '--on-error', 'skip', '--json');
    expect([skipped.code, JSON.parse(skipped.out)]).toMatchObject([1, { imported: 1, failed: 1 }]);
    expect(await count('BAD-')).toBe(1);
  });

  test('passes the mode on', async () => {
    const path = file('mode.csv', 'sku,name,price\nMODE-1,New,1\n');
    const { code, out } = await run(path, '--mode', 'update');
    expect([code, out]).toEqual([1, expect.stringContaining('MODE-1')]);
  });

  test('shows progress on a terminal, and clears it', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `BIG-${i},A product with a longer name,1\n`);
    const lines: string[] = [];
    const path = file('big.csv', `sku,name,price\n${rows.join('')}`);
    const { code } = await portolan(['import', path, '--entity', 'products'], http.env, {
      status: line => lines.push(line),
    });
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^big\.csv {2}\[[#-]{24}\] {2}\d+ %/);
    expect(lines.slice(-2)).toEqual([expect.stringContaining('The server is importing it.'), '']);
    expect(await count('BIG-')).toBe(20_000);
  });

  test.each([
    [['/nonexistent.csv'], 1, 'There is no file /nonexistent.csv.'],
    [[tmpdir()], 1, 'is not a file.'],
    [[], 2, 'import takes a file or --watch.'],
    [['a.csv', '--watch', '.'], 2, 'import takes a file or --watch.'],
    [['--watch', '/nonexistent'], 1, 'There is no folder /nonexistent.'],
  ])('%j is refused', async (args, code, message) => {
    expect(await run(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
  });

  test('what the server refuses is said, with its hint', async () => {
    const path = file('other.csv', 'sku,name,price\nX-1,X,1\n');
    const other = await portolan(['import', path, '--entity', 'prodcts'], http.env);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('Did you mean "products"?') });
    const mapper = await run(path, '--mapper', 'none');
    expect(mapper).toMatchObject({ code: 1, err: expect.stringContaining('mapper "none"') });
    const env = { ...http.env, PORTOLAN_API_KEY: await server.createKey('read') };
    const reader = await portolan(['import', path, '--entity', 'products'], env);
    expect(reader).toMatchObject({ code: 1, out: '', err: expect.stringContaining('write') });
    const away = await portolan(['import', path, '--entity', 'products', '--url', 'http://127.0.0.1:1'], env);
    expect(away).toMatchObject({ code: 1, err: expect.stringContaining('cannot be reached') });
    expect(await count('X-')).toBe(0);
  });

  test('a refusal in the middle of the file ends the upload', async () => {
    const path = file('long.csv', `sku,name,price\n${'LONG-1,Long,1\n'.repeat(1_000_000)}`);
    const refusing = createServer((request, response) => {
      request.once('data', () =>
        response
          .writeHead(413, { 'content-type': 'application/json' })
          .end('{"error":{"message":"Too long."}}'),
      );
    });
    await new Promise<void>(resolve => void refusing.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const { code, err } = await portolan(['import', path, '--entity', 'products', '--url', url], http.env);
    expect([code, err]).toEqual([1, `${path}: Too long.`]);
    refusing.closeAllConnections();
    refusing.close();
  });
});

describe('import --watch', () => {
  test('imports files once they are complete, and moves them to done or failed', async () => {
    const inbox = mkdtempSync(join(folder, 'inbox-'));
    const put = (name: string, content: string) => writeFileSync(join(inbox, name), content);
    const stop = new AbortController();
    put('good.csv', 'sku,name,price\nW-1,Watched,1\n');
    put('half.csv.part', 'sku,na');
    const line = ['import', '--watch', inbox, '--entity', 'products', '--json'];
    const running = portolan(line, http.env, { signal: stop.signal });
    await until(() => existsSync(join(inbox, 'done/good.csv')));
    put('good.csv', 'sku,name,price\nW-2,Again,1\n');
    put('bad.csv', 'sku,name,price\nW-3,Bad,cheap\n');
    await until(
      () => existsSync(join(inbox, 'failed/bad.csv.errors.json')) && !existsSync(join(inbox, 'good.csv')),
    );
    stop.abort();
    const { code, err } = await running;
    expect(code).toBe(0);
    expect(err).toContain('good.csv: 1 rows imported');
    expect(await count('W-')).toBe(2);
    const report = JSON.parse(readFileSync(join(inbox, 'failed/bad.csv.errors.json'), 'utf8'));
    expect(report.errors).toMatchObject([{ row: 2, column: 'price', value: 'cheap' }]);
    expect(readFileSync(join(inbox, 'done/good.csv'), 'utf8')).toContain('W-1');
    expect(existsSync(join(inbox, 'half.csv.part'))).toBe(true);
  });

  test('wrong options end it, and no file is moved', async () => {
    const inbox = mkdtempSync(join(folder, 'inbox-'));
    writeFileSync(join(inbox, 'a.csv'), 'sku,name,price\nV-1,A,1\n');
    const line = ['import', '--watch', inbox, '--entity', 'prodcts'];
    const { code, err } = await portolan(line, http.env);
    expect([code, err]).toEqual([1, expect.stringContaining('prodcts')]);
    expect(existsSync(join(inbox, 'a.csv'))).toBe(true);
  });
});

test.each([
  [
    { done: 2_500_000, total: 10_000_000, seconds: 2 },
    'a.csv  [######------------------]  25 %  2.5 of 10.0 MB  1.3 MB/s  6 s left',
  ],
  [
    { done: 1_000_000, total: 1_000_000_000, seconds: 1 },
    'a.csv  [------------------------]  0 %  1.0 of 1000.0 MB  1.0 MB/s  17 min left',
  ],
  [
    { done: 0, total: 1_000_000, seconds: 0 },
    'a.csv  [------------------------]  0 %  0.0 of 1.0 MB  0.0 MB/s',
  ],
  [{ done: 2_000_000, total: undefined, seconds: 1 }, 'a.csv  2.0 MB  2.0 MB/s'],
])('progress %o', (progress, line) => expect(progressLine('a.csv', progress)).toBe(line));

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(50);
}

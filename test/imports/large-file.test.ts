import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { rowsOf, send } from './import-csv.ts';

const rows = 200_000;
const bytesOfRow = 400;
/** Less than the file, which has 80 MB, and half of what its rows would take. */
const heldMax = 70_000_000;

/** A collection takes long beside everything else; so much longer is the pause after it. */
const pausesPerSample = 10;

const server = serverForFile();

/** Made as it is read, so that the client's side holds no more of it than the server's. */
function generatedFile(): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream({
    start: controller => controller.enqueue(encoder.encode('sku,name,price,stock,description\n')),
    pull(controller) {
      const end = Math.min(next + 500, rows);
      let text = '';
      for (; next < end; next++) {
        const line = `S${next},"Product, number ${next}",${next % 1000}.50,${next % 300},`;
        text += `${line}${String(next).padEnd(bytesOfRow - line.length - 1, ' x')}\n`;
      }
      controller.enqueue(encoder.encode(text));
      if (next === rows) controller.close();
    },
  });
}

/** Bytes that this thread holds after a collection: what garbage V8 lets lie meanwhile depends on the machine. */
function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

test('imports 200,000 rows and never holds the whole file', { timeout: 1_200_000 }, async () => {
  const before = held();
  let peak = before;
  let samples = 0;
  let timer: NodeJS.Timeout;
  const sample = () => {
    const start = performance.now();
    peak = Math.max(peak, held());
    samples += 1;
    timer = setTimeout(sample, pausesPerSample * (performance.now() - start));
  };
  sample();
  const headers = { 'content-type': 'text/csv' };
  const init = {
    method: 'POST',
    key: server.adminKey,
    body: generatedFile(),
    headers,
    duplex: 'half',
  } as RequestInit;
  const answer = await send(server, init, '?entity=products');
  clearTimeout(timer!);
  expect(answer).toMatchObject({
    status: 200,
    imported: rows,
    inserted: rows,
    updated: 0,
    failed: 0,
    errors: [],
  });
  expect(await rowsOf(server, 'SELECT count(*), sum(stock) FROM "Product"')).toEqual([
    { count: rows, sum: 29_890_000 },
  ]);
  expect(samples).toBeGreaterThan(2);
  expect(peak - before).toBeLessThan(heldMax);
});

// portolan export …

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option } from '@commander-js/extra-typings';
import { connectServer, parseAnswer, refused, request } from '../backend/server.ts';
import { newCommand } from '../terminal/new-command.ts';
import { showProgress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageFault } from '../terminal/usage-fault.ts';

const formats = ['csv', 'xlsx', 'ndjson', 'json'] as const;

export const exportCommand = (terminal: Terminal) =>
  newCommand('export', {
    summary: 'Export the records of a set to a file, from a running server.',
    description:
      'Without --output, the file goes to standard output. An export that is cut off leaves no file, and the exit code is 1.',
    examples: [
      'portolan export products > products.csv',
      'portolan export products --format xlsx --select \'sku, name, category.name\' --where \'{"stock": {"gt": 0}}\' -o stock.xlsx',
      "portolan export orders --format ndjson --order-by 'orderedAt desc' --limit 1000 | gzip > orders.ndjson.gz",
    ],
  })
    .argument('<SET>', 'The entity set, such as products.')
    .addOption(
      new Option('--format <FORMAT>', 'The format of the file.').choices(formats).default('csv' as const),
    )
    .option('--select <FIELDS>', "The columns: 'sku, category.name'. Default: every readable field.")
    .option('--where <FILTER>', 'Only records that match this filter, as JSON.')
    .option('--order-by <ORDER>', "The order: 'price desc, sku'.")
    .option('--search <WORDS>', 'Only records that contain these words.')
    .option('--limit <NUMBER>', 'At most this many records.')
    .option('-o, --output <FILE>', 'The file to write.')
    .action(async (set, { output, ...options }) => {
      const body = await openExport(terminal, set, options);
      if (output !== undefined) return writeFile(terminal, output, body);
      if (!terminal.output) throw new UsageFault('--output is missing.');
      await copy(body, terminal.output, () => {});
    });

interface ExportOptions {
  readonly format: string;
  readonly select?: string;
  readonly where?: string;
  readonly orderBy?: string;
  readonly search?: string;
  readonly limit?: string;
}

type Body = AsyncIterable<Uint8Array>;

/** @throws Error with the server's message */
async function openExport(terminal: Terminal, set: string, options: ExportOptions): Promise<Body> {
  const server = connectServer(terminal.env);
  const path = `/api/export/${encodeURIComponent(set)}`;
  // In the body, because a filter can be longer than a URL. Without a time limit: the file can be of any size.
  const { signal } = new AbortController();
  const response = await request(server, { method: 'POST', path, body: options, signal });
  if (response.ok && response.body) return response.body;
  throw refused(response.status, parseAnswer(response.status, await response.text()));
}

/** Under another name until it is complete. */
async function writeFile(terminal: Terminal, path: string, body: Body): Promise<void> {
  const partial = `${path}.part`;
  const onBytes = showProgress(terminal, path, undefined);
  try {
    const bytes = await copy(body, createWriteStream(partial), onBytes);
    await rename(partial, path);
    terminal.status?.('');
    terminal.say(`${path}: ${bytes} bytes written.`);
  } catch (error) {
    terminal.status?.('');
    await rm(partial, { force: true });
    throw error;
  }
}

/** @returns the number of bytes */
async function copy(body: Body, to: Writable, onBytes: (bytes: number) => void): Promise<number> {
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of received(body)) {
      yield chunk;
      bytes += chunk.byteLength;
      onBytes(bytes);
    }
  }
  await pipeline(counted(), to, { end: to !== process.stdout });
  return bytes;
}

async function* received(body: Body): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new Error('The export was cut off. See the server log, and run the command again.', {
      cause: error,
    });
  }
}

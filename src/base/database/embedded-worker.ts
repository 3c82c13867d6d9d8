// The thread in which the embedded database lives. It is given what a client writes to a PostgreSQL server, a batch
// of whole messages at a time, and answers with what a server writes back.

import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { EmbeddedData, FromWorker, ToWorker } from './embedded-messages.ts';
import { sessionOptions } from './session-options.ts';

/** An answer longer than this is sent in parts, so that the other thread reads while this one writes. */
const partBytes = 262_144;

const port = parentPort!;
const { folder } = workerData as EmbeddedData;
const database = await PGlite.create(folder, {
  startParams: [...PGlite.defaultStartParams, ...sessionOptions.flatMap(setting => ['-c', setting])],
});

const part = new Uint8Array(partBytes);
let partLength = 0;

port.on('message', (message: ToWorker) => {
  const done = typeof message === 'string' ? control(message) : answer(message);
  done.catch(error => say({ failure: String(error) }));
});
say('ready');

function say(message: FromWorker): void {
  port.postMessage(message);
}

/** Runs to its end before the next message is taken: nothing in it waits. */
async function answer(batch: Uint8Array): Promise<void> {
  await database.execProtocolRawStream(batch, { syncToFs: false, onRawData: collect });
  send();
}

/** @param bytes lie in the database's own memory, and so must be copied */
function collect(bytes: Uint8Array): void {
  if (partLength + bytes.length > partBytes) send();
  if (bytes.length > partBytes) {
    say(bytes.slice());
  } else {
    part.set(bytes, partLength);
    partLength += bytes.length;
  }
}

function send(): void {
  if (partLength === 0) return;
  say(part.slice(0, partLength));
  partLength = 0;
}

async function control(message: 'open' | 'close'): Promise<void> {
  if (message === 'close') {
    await database.close();
    return say('closed');
  }
  // The database has one session only. A new client must not find the last one's transaction or statements.
  await database.exec('rollback');
  await database.exec('discard all');
  say('opened');
}

// A file to POST /api/import, streamed. Not by fetch: it gives up after five minutes without a response.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { parseAnswer, type Server, unreachable } from './server.ts';

export interface Upload {
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** In bytes; undefined if it is not known. */
  readonly size: number | undefined;
  /** @param bytes of the file, sent so far */
  readonly onSent: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** @returns the response, whatever its status @throws UNAVAILABLE; Error if the file changes meanwhile */
export async function uploadFile({ url, key }: Server, upload: Upload): Promise<Answer> {
  const boundary = `portolan-${randomUUID()}`;
  const [start, end] = envelope(upload, boundary);
  const call = url.startsWith('https:') ? httpsRequest : httpRequest;
  const request = call(`${url}/api/import`, {
    method: 'POST',
    headers: {
      'x-api-key': key,
      accept: 'application/json',
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(upload.size !== undefined && { 'content-length': start.length + upload.size + end.length }),
    },
    signal: upload.signal,
  });
  const response = await exchange(request, parts(start, upload, end)).catch(error => {
    throw error instanceof FileChanged ? error : unreachable(url, error);
  });
  const status = response.statusCode ?? 0;
  return { status, body: parseAnswer(status, await text(response)) };
}

/** A server that refuses a file answers before it has read all of it; the rest is not sent. */
function exchange(request: ClientRequest, chunks: AsyncIterable<Uint8Array>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answered = false;
    request.once('response', response => {
      answered = true;
      resolve(response);
    });
    request.on('error', reject);
    request.on('close', () => reject(new Error('the connection was closed')));
    write(request, chunks, () => answered || request.destroyed).catch(error => {
      reject(error);
      request.destroy();
    });
  });
}

async function write(
  request: ClientRequest,
  chunks: AsyncIterable<Uint8Array>,
  isOver: () => boolean,
): Promise<void> {
  for await (const chunk of chunks) {
    if (isOver()) return;
    if (!request.write(chunk)) await writable(request);
  }
  request.end();
}

/** Also when nothing more needs to be written. */
async function writable(request: ClientRequest): Promise<void> {
  const over = new AbortController();
  const options = { signal: over.signal };
  await Promise.race(['drain', 'response', 'close'].map(event => once(request, event, options)));
  over.abort();
}

class FileChanged extends Error {
  constructor(name: string) {
    super(`${name} changed while it was sent. Nothing was imported.\nRun the command again.`);
  }
}

async function* parts(start: Buffer, upload: Upload, end: Buffer): AsyncGenerator<Uint8Array> {
  const { name, content, size, onSent } = upload;
  yield start;
  let sent = 0;
  for await (const chunk of content) {
    yield chunk;
    sent += chunk.byteLength;
    onSent(sent);
  }
  if (size !== undefined && sent !== size) throw new FileChanged(name);
  yield end;
}

/** What surrounds the file: RFC 7578. The fields come first, so that the server can check them before the file. */
function envelope({ fields, name }: Upload, boundary: string): [start: Buffer, end: Buffer] {
  const field = ([key, value]: [string, string | undefined]) =>
    value === undefined
      ? ''
      : `--${boundary}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`;
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quotable(name)}"\r\n\r\n`;
  return [
    Buffer.from(Object.entries(fields).map(field).join('') + file),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ];
}

const escapes: Readonly<Record<string, string>> = { '"': '%22', '\r': '%0D', '\n': '%0A' };

const quotable = (name: string): string => name.replace(/["\r\n]/g, character => escapes[character]!);

// Writes the answers of a batch as multipart/mixed, structured like its requests (OData 4.01 Part 1, 11.7.7.6).

import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Chunk } from '../../formats/streamed-body.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ItemAnswer, PartAnswer } from './run-batch.ts';

export interface BatchBody {
  readonly contentType: string;
  readonly chunks: AsyncGenerator<Chunk>;
}

export function writeMultipart(answers: AsyncIterable<ItemAnswer>): BatchBody {
  const boundary = `batch_${randomUUID()}`;
  return { contentType: `multipart/mixed; boundary=${boundary}`, chunks: writeItems(answers, boundary) };
}

async function* writeItems(answers: AsyncIterable<ItemAnswer>, boundary: string): AsyncGenerator<Chunk> {
  for await (const { item, answers: parts, failed } of answers) {
    if (!item.atomic || failed) {
      // A failed changeset has a single answer.
      yield* writePart(parts[0]!, boundary);
      continue;
    }
    const inner = `changeset_${randomUUID()}`;
    yield `--${boundary}\r\nContent-Type: multipart/mixed; boundary=${inner}\r\n\r\n`;
    for (const part of parts) yield* writePart(part, inner);
    yield `--${inner}--\r\n\r\n`;
  }
  yield `--${boundary}--\r\n`;
}

function* writePart({ part, answer }: PartAnswer, boundary: string): Generator<Chunk> {
  const contentId = part.id === undefined ? '' : `Content-ID: ${part.id}\r\n`;
  yield `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${contentId}\r\n${headOf(answer)}\r\n`;
  const { body } = answer;
  if (typeof body === 'string' || body instanceof Uint8Array) yield body;
  yield '\r\n';
}

function headOf({ status, headers = {}, body }: Answer): string {
  const length = body === undefined ? undefined : String(Buffer.byteLength(body as string | Uint8Array));
  const all = status === 204 || status === 304 ? headers : { ...headers, 'content-length': length ?? '0' };
  const lines = Object.entries(all).map(([name, value]) => `${shownName(name)}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}`;
}

/** Some clients recognize these headers only in their usual spelling. */
const shownName = (name: string): string =>
  usual[name] ?? name.replace(/(?:^|-)[a-z]/g, initial => initial.toUpperCase());

const usual: Readonly<Record<string, string>> = {
  etag: 'ETag',
  'odata-version': 'OData-Version',
  'odata-entityid': 'OData-EntityId',
};

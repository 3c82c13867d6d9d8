// Writes the answers of a batch as JSON (OData JSON Format 4.01, 19.5).

import type { Chunk } from '../../formats/streamed-body.ts';
import type { Answer } from '../../http/message/message.ts';
import { failedDependency } from './part-faults.ts';
import type { ItemAnswer, PartAnswer } from './run-batch.ts';
import type { BatchBody } from './write-multipart.ts';

export const writeJsonBatch = (answers: AsyncIterable<ItemAnswer>): BatchBody => ({
  contentType: 'application/json',
  chunks: writeItems(answers),
});

async function* writeItems(answers: AsyncIterable<ItemAnswer>): AsyncGenerator<Chunk> {
  yield '{"responses":[';
  let comma = '';
  for await (const answer of answers) {
    for (const part of allParts(answer)) {
      yield comma + writePart(part, answer);
      comma = ',';
    }
  }
  yield ']}';
}

/** In a failed changeset, the part that failed has its own answer, and the others get FAILED_DEPENDENCY. */
function allParts({ item, answers }: ItemAnswer): readonly PartAnswer[] {
  const { status, message } = failedDependency();
  const body = JSON.stringify({ error: { code: 'FAILED_DEPENDENCY', message } });
  const headers = { ...answers[0]?.answer.headers, 'content-type': 'application/json' };
  return item.parts.map(
    part => answers.find(answer => answer.part === part) ?? { part, answer: { status, headers, body } },
  );
}

function writePart({ part, answer }: PartAnswer, { item }: ItemAnswer): string {
  const { id } = part;
  const { status, headers = {} } = answer;
  const group = item.group === undefined ? '' : `"atomicityGroup":${JSON.stringify(item.group)},`;
  const name = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
  const body = bodyOf(answer);
  const shownBody = body === undefined ? '' : `,"body":${body}`;
  return `{${name}${group}"status":${status},"headers":${JSON.stringify(headers)}${shownBody}}`;
}

/** @returns JSON as it is, text as a string, bytes in base64url */
function bodyOf({ headers = {}, body }: Answer): string | undefined {
  if (body === undefined || body instanceof ReadableStream) return undefined;
  if (typeof body !== 'string') return JSON.stringify(Buffer.from(body).toString('base64url'));
  const type = headers['content-type'] ?? '';
  if (/^application\/json\b/.test(type)) return body;
  return JSON.stringify(/^text\//.test(type) ? body : Buffer.from(body).toString('base64url'));
}

// Sends batches, and reads their answers without any of the code that wrote them.

import type { TestServer } from '../harness.ts';

export interface SentBatch {
  readonly body: string;
  /** Default: multipart/mixed with the boundary of the body's first line that looks like one. */
  readonly contentType?: string;
  readonly headers?: Record<string, string>;
  readonly key?: string;
}

export interface BatchReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface PartReply {
  readonly status: number;
  /** Around the answer, of the part itself. */
  readonly around: Headers;
  readonly headers: Headers;
  readonly text: string;
  /** Absent outside of changesets, else the number of the changeset, from 0. */
  readonly changeset?: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export async function sendBatch(server: TestServer, sent: SentBatch): Promise<BatchReply> {
  const boundary = /^--(.*?)[ \t]*\r?$/m.exec(sent.body)?.[1];
  const type = sent.contentType ?? `multipart/mixed; boundary=${boundary}`;
  const response = await server.fetch('/odata/$batch', {
    method: 'POST',
    key: sent.key ?? server.adminKey,
    headers: { 'content-type': type, ...sent.headers },
    body: sent.body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** @returns the parts of a multipart answer, those of changesets in their places */
export function answersOf({ headers, text }: BatchReply): PartReply[] {
  let changesets = 0;
  return partsOf(text, headers.get('content-type')!).flatMap(part => {
    const { head, rest } = cut(part);
    if (!head.get('content-type')?.startsWith('multipart/')) return [toReply(head, rest)];
    const changeset = changesets++;
    return partsOf(rest, head.get('content-type')!).map(inner => {
      const { head: around, rest: http } = cut(inner);
      return toReply(around, http, changeset);
    });
  });
}

function partsOf(text: string, type: string): string[] {
  const boundary = /boundary=(\S+)$/.exec(type)?.[1];
  const [before, ...parts] = `\r\n${text}`.split(`\r\n--${boundary}`);
  const end = parts.pop();
  if (before !== '' || end?.trim() !== '--') throw new Error(`No multipart: ${text.slice(0, 500)}`);
  return parts.map(part => {
    if (!part.startsWith('\r\n')) throw new Error(`No part: ${part.slice(0, 500)}`);
    return part.slice(2);
  });
}

function cut(text: string): { head: Headers; rest: string } {
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(0, end).split('\r\n');
  return {
    head: new Headers(lines.map(line => line.split(/:\s*(.*)/, 2) as [string, string])),
    rest: text.slice(end + 4),
  };
}

function toReply(around: Headers, http: string, changeset?: number): PartReply {
  const [, status, more] = /^HTTP\/1\.1 (\d{3}) [\w ]*\r\n([\s\S]*)$/.exec(http) ?? [];
  if (around.get('content-type') !== 'application/http' || more === undefined)
    throw new Error(`No answer: ${http}`);
  // Without any header, the blank line follows at once.
  const { head: headers, rest } = more.startsWith('\r\n')
    ? { head: new Headers(), rest: more.slice(2) }
    : cut(more);
  const length = headers.get('content-length');
  const text = length === null ? rest : Buffer.from(rest).subarray(0, Number(length)).toString();
  if (length === null ? rest !== '' : Buffer.byteLength(rest) !== Number(length))
    throw new Error(`Of ${length} bytes there are: ${rest}`);
  return {
    ...{ status: Number(status), around, headers, text, changeset },
    get body() {
      return JSON.parse(text);
    },
  };
}

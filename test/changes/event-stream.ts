// Reads what a subscription sends: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md

import type { TestServer } from '../harness.ts';

export interface EventStream {
  readonly response: Response;
  /** @returns the next result, or undefined when the stream is complete */
  next(): Promise<{ data?: Record<string, never>; errors?: { extensions: { code: string } }[] } | undefined>;
  /** @returns the payloads of so many next results, under the one root field */
  take(count: number): Promise<Record<string, never>[]>;
  /** Comments that came so far. */
  readonly comments: number;
  leave(): Promise<void>;
}

type Fetching = Pick<TestServer, 'fetch'>;

export async function subscribe(
  server: Fetching,
  key: string,
  query: string,
  variables?: object,
): Promise<EventStream> {
  const response = await server.fetch('/graphql', {
    key,
    json: { query, variables },
    headers: { accept: 'text/event-stream' },
  });
  return toStream(response);
}

export function toStream(response: Response): EventStream {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let comments = 0;
  const readBlock = async (): Promise<string | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        if (!block.startsWith(':')) return block;
        comments += 1;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  const next: EventStream['next'] = async () => {
    const block = await readBlock();
    if (block === undefined || block.startsWith('event: complete')) return undefined;
    return JSON.parse(/^data: (.*)$/m.exec(block)![1]!);
  };
  return {
    response,
    next,
    async take(count) {
      const payloads: Record<string, never>[] = [];
      while (payloads.length < count) {
        const result = await next();
        if (!result?.data) throw new Error(`Instead of a payload came ${JSON.stringify(result)}`);
        payloads.push(Object.values(result.data)[0]!);
      }
      return payloads;
    },
    get comments() {
      return comments;
    },
    leave: () => reader.cancel(),
  };
}

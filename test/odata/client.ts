import type { TestServer } from '../harness.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export type Get = (path: string, headers?: Record<string, string>) => Promise<Reply>;

/** @returns a function that reads below `/odata` with this key */
export const client =
  (server: TestServer, key: string | undefined = server.adminKey): Get =>
  async (path, headers) => {
    const response = await server.fetch(`/odata${path}`, { key, headers });
    const text = withoutTags(await response.text());
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body() {
        return JSON.parse(text);
      },
    };
  };

/** Entity tags are of no concern to most tests, and never the same. */
const withoutTags = (text: string): string =>
  text.replace(/,?"@(?:odata\.)?etag":"W\/\\"\d+\\""/g, '').replaceAll('{,', '{');

/** @returns the values of one field, as JSON gives them */
export const pluck = (reply: Reply, field: string): unknown[] =>
  reply.body.value.map((row: Record<string, unknown>) => row[field]);

// Mutations over HTTP, and what they answer.

import type { TestServer } from '../harness.ts';

export interface MutationAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly locations?: unknown;
    readonly extensions: {
      readonly code: string;
      readonly hint?: string;
      readonly scope?: string;
      readonly faults?: readonly { path: string; code: string; message: string; version?: string }[];
    };
  }[];
}

export interface Asking {
  readonly key?: string;
  readonly variables?: unknown;
  readonly headers?: Record<string, string>;
}

/** @param text with or without the word `mutation` */
export async function mutate(server: TestServer, text: string, asking: Asking = {}): Promise<MutationAnswer> {
  const { key = server.adminKey, variables, headers } = asking;
  const query = /^\s*(mutation|query|\{)/.test(text) ? text : `mutation { ${text} }`;
  const response = await server.fetch('/graphql', {
    key,
    json: { query, variables },
    headers: { accept: 'application/graphql-response+json', ...headers },
  });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}

/** @returns what is answered @throws when there are errors */
export async function done(server: TestServer, text: string, asking?: Asking): Promise<never> {
  const { data, errors } = await mutate(server, text, asking);
  if (errors) throw new Error(JSON.stringify(errors));
  return data as never;
}

/** @returns what matters of the first error */
export async function refused(server: TestServer, text: string, asking?: Asking) {
  const { data, errors } = await mutate(server, text, asking);
  if (!errors) throw new Error(`It was not refused: ${JSON.stringify(data)}`);
  const { message, path, extensions } = errors[0]!;
  const { code, scope, faults } = extensions;
  return {
    ...{ code, message, path, scope, data },
    faults: faults?.map(fault => `${fault.path} ${fault.code}`),
  };
}

// The same read through every door, each answer reduced to its rows.

import type { TestServer } from '../harness.ts';
import { type ExactJson, parseExactly } from './exact-json.ts';
import type { Read } from './reads.ts';

export class ApiClient {
  readonly #server: TestServer;
  readonly #credential: Readonly<Record<string, string>>;

  /** @param credential an API key, or the headers of another credential */
  constructor(server: TestServer, credential: string | Readonly<Record<string, string>> = server.adminKey) {
    this.#server = server;
    this.#credential = typeof credential === 'string' ? { 'x-api-key': credential } : credential;
  }

  /** @returns the rows that the Query API gives */
  async queryApi({ selection, variables }: Read): Promise<ExactJson> {
    return only(await this.#json('/api/query', { query: selection, variables }));
  }

  /** @returns the rows that GraphQL gives */
  async graphql({ selection, variables, declare = '' }: Read): Promise<ExactJson> {
    const body = await this.#json('/graphql', { query: `query ${declare} { ${selection} }`, variables });
    return only((body as { data: ExactJson }).data);
  }

  /** @returns the rows that GraphQL gives when it executes field by field: introspection in the operation sees to that */
  async graphqlByField({ selection, variables, declare = '' }: Read): Promise<ExactJson> {
    const query = `query ${declare} { ${selection} __schema { queryType { name } } }`;
    const { data } = (await this.#json('/graphql', { query, variables })) as {
      data: Record<string, ExactJson>;
    };
    const { __schema, ...rest } = data;
    return only(rest);
  }

  /** @returns the rows that OData gives */
  async odata(url: string): Promise<ExactJson> {
    const response = await this.#send(`/odata/${encodeURI(url).replaceAll('%25', '%')}`);
    return asElsewhere((response as { value: ExactJson }).value);
  }

  /** Any request, with a body as JSON unless another type is given, for the status as well. */
  async answer(path: string, body?: unknown, type?: string): Promise<{ status: number; text: string }> {
    const response = await this.#server.fetch(path, this.#init(body, type));
    return { status: response.status, text: await response.text() };
  }

  #json(path: string, body: unknown): Promise<ExactJson> {
    return this.#send(path, body);
  }

  async #send(path: string, body?: unknown): Promise<ExactJson> {
    const { status, text } = await this.answer(path, body);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
    return parseExactly(text);
  }

  #init(body: unknown, type?: string): RequestInit {
    const headers = { ...this.#credential, 'content-type': type ?? 'application/json' };
    if (body === undefined) return { headers };
    return { method: 'POST', headers, body: type ? String(body) : JSON.stringify(body) };
  }
}

function only(roots: ExactJson): ExactJson {
  const values = Object.values(roots as Record<string, ExactJson>);
  if (values.length !== 1) throw new Error(`Expected one root, not ${JSON.stringify(roots)}`);
  return values[0]!;
}

/**
 * Rows without what OData says beside them, such as their entity tags. It writes bytes in the base64 of URLs (RFC 4648,
 * section 5), the other doors in the ordinary one.
 */
function asElsewhere(value: ExactJson): ExactJson {
  if (Array.isArray(value)) return value.map(asElsewhere);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('@odata.'))
      .map(([name, inner]) => [name, name === 'preview' ? plainBase64(inner) : asElsewhere(inner)]),
  );
}

function plainBase64(value: ExactJson): ExactJson {
  return typeof value === 'string' ? Buffer.from(value, 'base64url').toString('base64') : value;
}

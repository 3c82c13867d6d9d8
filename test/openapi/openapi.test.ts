import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { contract } from '../../src/rest-contract.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile();

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, { readonly flows?: Flows }>>;
  };
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

interface Flows {
  readonly authorizationCode: {
    readonly authorizationUrl: string;
    readonly tokenUrl: string;
    readonly scopes: Readonly<Record<string, string>>;
  };
}

const read = async (): Promise<Document> => (await server.fetch('/api/openapi.json')).json();

/** As in the document: `GET /api/keys`. */
const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`;

describe('GET /api/openapi.json', () => {
  test('is a valid OpenAPI 3.1 document, for anyone', async () => {
    const document = await read();
    expect(document.openapi).toBe('3.1.1');
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test('describes every REST route of the router, and no others', async () => {
    const { paths } = await read();
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map(method => nameOf({ method: method.toUpperCase(), path })),
    );
    const served = server.app.routes
      .filter(
        ({ path }) => path.startsWith('/api/') || ['/', '/healthz', '/readyz', '/metrics'].includes(path),
      )
      .flatMap(({ method, path }) => [method].flat().map(one => nameOf({ method: one, path })));
    expect(documented.toSorted()).toEqual(served.toSorted());
  });

  test('has a route for each declared operation, with its method and path', () => {
    const operations = server.app.routes.flatMap(({ operation }) => operation ?? []);
    expect(operations.map(nameOf).toSorted()).toEqual(contract.operations.map(nameOf).toSorted());
    for (const { method, path, operation } of server.app.routes)
      if (operation) expect({ method, path }).toEqual({ method: operation.method, path: operation.path });
  });

  test('names each operation once', async () => {
    const ids = Object.values((await read()).paths).flatMap(operations =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('has the endpoints of the authorization server, and every scope with a description', async () => {
    const { components, servers } = await read();
    const { authorizationUrl, tokenUrl, scopes } =
      components.securitySchemes.oauth2!.flows!.authorizationCode;
    const metadata = await (await server.fetch('/.well-known/oauth-authorization-server')).json();
    expect(authorizationUrl).toBe(metadata.authorization_endpoint);
    expect(tokenUrl).toBe(metadata.token_endpoint);
    expect(Object.keys(scopes).toSorted()).toEqual(metadata.scopes_supported.toSorted());
    expect(Object.values(scopes).every(Boolean)).toBe(true);
    expect(servers).toEqual([{ url: server.config.publicUrl }]);
  });

  test('says what needs no credential, and what needs the scope admin', async () => {
    const { paths } = await read();
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        const url = path.replaceAll(/\{\w+\}/g, 'unknown');
        const { status } = await server.fetch(url, { method: method.toUpperCase() });
        if (path === '/metrics') continue;
        if (security.length === 0) expect([path, status]).toEqual([path, 200]);
        else expect([path, method, status]).toEqual([path, method, 401]);
      }
    }
    const key = await server.createKey('read');
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        if (!security.some(({ oauth2 }) => oauth2?.includes('admin'))) continue;
        const url = path.replaceAll(/\{\w+\}/g, 'unknown');
        const { status } = await server.fetch(url, { key, method: method.toUpperCase() });
        expect([path, method, status]).toEqual([path, method, 403]);
      }
    }
  });
});

// https://graphql.github.io/graphql-over-http/draft/, as its reference implementation audits servers.

import { serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile();

describe('GraphQL over HTTP', () => {
  const fetchFn = (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-api-key', server.adminKey);
    return server.app.fetch(new Request(url, { ...init, headers }));
  };
  for (const audit of serverAudits({ url: 'http://localhost/graphql', fetchFn })) {
    test(audit.name, async () => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? undefined : result.reason).toBeUndefined();
    });
  }
});

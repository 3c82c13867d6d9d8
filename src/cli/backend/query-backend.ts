// Where `portolan query` runs: a running server, or the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { withBackend } from './backend.ts';
import { parseAnswer, refused, request, type Server } from './server.ts';
import type { QueryBackend, QueryInput, QueryResult } from './shown-query.ts';

/** @throws Fault or Error with the server's message */
export const runQuery = (terminal: Terminal, input: QueryInput): Promise<QueryResult> =>
  withBackend<QueryBackend, QueryResult>(places, terminal, backend => backend.run(input));

const places = {
  served: (server: Server): QueryBackend => ({
    async run(body) {
      const response = await request(server, { method: 'POST', path: '/api/query', body });
      const text = await response.text();
      const answer = parseAnswer(response.status, text);
      if (!response.ok) throw refused(response.status, answer);
      return { text, truncated: response.headers.get('portolan-truncated') };
    },
    close: async () => {},
  }),
  stored: async (env: Terminal['env']) => (await import('./stored-query.ts')).openStoredQuery(env),
};

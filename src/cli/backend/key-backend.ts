// The backend of the key commands.

import { keyOperations } from '../../auth/key-operations.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Client, withClient } from './client.ts';
import type { KeyBackend } from './shown-key.ts';

/** Opens the backend, runs the work, and closes it. @throws Fault with a hint */
export const withKeyBackend = <T>(
  terminal: Terminal,
  work: (backend: KeyBackend) => Promise<T>,
): Promise<T> => withClient(terminal, client => work(keysOf(client)));

const keysOf = (client: Client): KeyBackend => ({
  create: ({ expiresAt, ...input }) =>
    client.call(keyOperations.create, { body: { ...input, expiresAt: expiresAt?.toISOString() } }),
  list: async owner => (await client.call(keyOperations.list, { query: { owner } })).keys,
  rotate: (id, { expiresAt, ...rotation }) =>
    client.call(keyOperations.rotate, {
      params: { id },
      body: { ...rotation, expiresAt: expiresAt === null ? null : expiresAt?.toISOString() },
    }),
  revoke: async id => void (await client.call(keyOperations.revoke, { params: { id } })),
});

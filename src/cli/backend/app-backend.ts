// The backend of the app commands.

import { appOperations } from '../../apps/app-operations.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Client, withClient } from './client.ts';
import type { AppBackend } from './shown-app.ts';

/** Opens the backend, runs the work, and closes it. @throws Fault with a hint */
export const withAppBackend = <T>(
  terminal: Terminal,
  work: (backend: AppBackend) => Promise<T>,
): Promise<T> => withClient(terminal, client => work(appsOf(client)));

const appsOf = (client: Client): AppBackend => ({
  create: input => client.call(appOperations.create, { body: input }),
  list: async search => (await client.call(appOperations.list, { query: { search } })).apps,
  addSecret: (id, othersExpireAt) =>
    client.call(appOperations.createSecret, {
      params: { id },
      body: { othersExpireAt: othersExpireAt?.toISOString() },
    }),
  setDisabled: (id, disabled) =>
    disabled
      ? client.call(appOperations.disable, { params: { id } })
      : client.call(appOperations.enable, { params: { id } }),
});

// The backend of the app commands: a running server, or the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { withBackend } from './backend.ts';
import type { Server } from './server.ts';
import type { AppBackend, NewShownApp, ShownApp, ShownSecret } from './shown-app.ts';

/** Opens the backend, runs the work, and closes it. @throws Fault with a hint */
export const withAppBackend = <T>(
  terminal: Terminal,
  work: (backend: AppBackend) => Promise<T>,
): Promise<T> => withBackend<AppBackend, T>(places, terminal, work);

const places = {
  served: servedApps,
  stored: async (env: Terminal['env']) => (await import('./stored-apps.ts')).openStoredApps(env),
};

function servedApps(server: Server): AppBackend {
  const at = (id: string) => `/api/apps/${encodeURIComponent(id)}`;
  return {
    create: async input => (await server.send('POST', '/api/apps', input)) as NewShownApp,
    async list(search) {
      const query = search === undefined ? '' : `?search=${encodeURIComponent(search)}`;
      return ((await server.send('GET', `/api/apps${query}`)) as { apps: ShownApp[] }).apps;
    },
    addSecret: async (id, othersExpireAt) =>
      (await server.send('POST', `${at(id)}/secrets`, { othersExpireAt })) as ShownSecret,
    setDisabled: async (id, disabled) =>
      (await server.send('POST', `${at(id)}/${disabled ? 'disable' : 'enable'}`)) as ShownApp,
    close: async () => {},
  };
}

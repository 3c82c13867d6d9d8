// Where the commands for apps go: to a running server, or, while none runs, to the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { atDesk } from './desk.ts';
import type { Server } from './server.ts';
import type { AppDesk, NewShownApp, ShownApp, ShownSecret } from './shown-app.ts';

/** Opens the desk for one piece of work, and closes it. @throws Fault with what to do */
export const atAppDesk = <T>(terminal: Terminal, work: (desk: AppDesk) => Promise<T>): Promise<T> =>
  atDesk<AppDesk, T>(places, terminal, work);

const places = {
  served: servedApps,
  stored: async (env: Terminal['env']) => (await import('./stored-apps.ts')).openStoredApps(env),
};

function servedApps(server: Server): AppDesk {
  const at = (id: string) => `/api/apps/${encodeURIComponent(id)}`;
  return {
    create: async wanted => (await server.send('POST', '/api/apps', wanted)) as NewShownApp,
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

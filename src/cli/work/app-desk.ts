// Where the commands for apps go: to a running server, or, while none runs, to the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { atDesk } from './desk.ts';
import type { Server } from './server.ts';

export interface WantedApp {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
  /** An e-mail address; undefined: who asks. */
  readonly owner?: string;
}

/** Times as in JSON: 2027-01-01T00:00:00.000Z. */
export interface ShownApp {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly owner: { readonly email: string };
  readonly scopes: readonly string[];
  readonly confidential: boolean;
  readonly disabledAt: string | null;
  readonly createdAt: string;
}

export type NewShownApp = ShownApp & { readonly clientSecret?: string };

export interface ShownSecret {
  readonly secret: string;
}

export interface AppDesk {
  create(wanted: WantedApp): Promise<NewShownApp>;
  list(search: string | undefined): Promise<readonly ShownApp[]>;
  addSecret(id: string, othersExpireAt: Date | undefined): Promise<ShownSecret>;
  setDisabled(id: string, disabled: boolean): Promise<ShownApp>;
  close(): Promise<void>;
}

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

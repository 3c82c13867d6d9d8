// Where the key commands go: to a running server, or, while none runs, to the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { atDesk } from './desk.ts';
import type { Server } from './server.ts';
import type { KeyDesk, NewShownKey, ShownKey } from './shown-key.ts';

/** Opens the desk for one piece of work, and closes it. @throws Fault with what to do */
export const atKeyDesk = <T>(terminal: Terminal, work: (desk: KeyDesk) => Promise<T>): Promise<T> =>
  atDesk<KeyDesk, T>(places, terminal, work);

const places = {
  served: servedKeys,
  stored: async (env: Terminal['env']) => (await import('./stored-keys.ts')).openStoredKeys(env),
};

function servedKeys(server: Server): KeyDesk {
  return {
    create: async wanted => (await server.send('POST', '/api/keys', wanted)) as NewShownKey,
    async list(owner) {
      const path = owner === undefined ? '/api/keys' : `/api/keys?owner=${encodeURIComponent(owner)}`;
      return ((await server.send('GET', path)) as { keys: ShownKey[] }).keys;
    },
    rotate: async (id, rotation) =>
      (await server.send('POST', `/api/keys/${encodeURIComponent(id)}/rotate`, rotation)) as NewShownKey,
    revoke: async id => void (await server.send('DELETE', `/api/keys/${encodeURIComponent(id)}`)),
    close: async () => {},
  };
}

// The backend of the key commands: a running server, or the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { withBackend } from './backend.ts';
import type { Server } from './server.ts';
import type { KeyBackend, NewShownKey, ShownKey } from './shown-key.ts';

/** Opens the backend, runs the work, and closes it. @throws Fault with a hint */
export const withKeyBackend = <T>(
  terminal: Terminal,
  work: (backend: KeyBackend) => Promise<T>,
): Promise<T> => withBackend<KeyBackend, T>(places, terminal, work);

const places = {
  served: servedKeys,
  stored: async (env: Terminal['env']) => (await import('./stored-keys.ts')).openStoredKeys(env),
};

function servedKeys(server: Server): KeyBackend {
  return {
    create: async input => (await server.send('POST', '/api/keys', input)) as NewShownKey,
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

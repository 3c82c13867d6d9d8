// Where the key commands go: to a running server, or, while none runs, to the database itself.

import type { Terminal } from '../terminal/terminal.ts';
import { atDesk } from './desk.ts';
import type { Server } from './server.ts';

export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date;
  /** An e-mail address; undefined: who asks. */
  readonly owner?: string;
}

/** Times as in JSON: 2027-01-01T00:00:00.000Z. */
export interface ShownKey {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly lastFour: string;
  readonly scopes: readonly string[];
  readonly state: 'active' | 'expiring' | 'expired' | 'revoked';
  readonly warning: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedIp: string | null;
  readonly revokedAt: string | null;
}

export type NewShownKey = Pick<ShownKey, 'id' | 'name' | 'owner' | 'scopes' | 'expiresAt'> & {
  readonly key: string;
};

export interface WantedRotation {
  readonly overlapSeconds: number;
  /** null: never; undefined: after as long as the old one was made for. */
  readonly expiresAt?: Date | null;
}

export interface KeyDesk {
  create(wanted: WantedKey): Promise<NewShownKey>;
  /** @param owner an e-mail address: those of one person */
  list(owner?: string): Promise<readonly ShownKey[]>;
  rotate(id: string, rotation: WantedRotation): Promise<NewShownKey>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}

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

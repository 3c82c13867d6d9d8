// API keys without a server.

import type { Terminal } from '../terminal/terminal.ts';
import { asJson, openStored } from './open-stored.ts';
import type { KeyBackend, NewShownKey, ShownKey } from './shown-key.ts';

/** @throws as `openStored` */
export async function openStoredKeys(env: Terminal['env']): Promise<KeyBackend> {
  const { auth, config, close } = await openStored(env);
  const administrator = config.adminEmail ?? 'admin@localhost';
  return {
    create: async ({ owner: email = administrator, ...input }) =>
      asJson<NewShownKey>(await auth.keys.create({ ...input, email })),
    list: async owner => asJson<ShownKey[]>(await auth.keys.list({}, { owner })),
    rotate: async (id, { overlapSeconds, expiresAt }) =>
      asJson<NewShownKey>(await auth.keys.rotate(id, { overlapMs: overlapSeconds * 1_000, expiresAt })),
    revoke: id => auth.keys.revoke(id),
    close,
  };
}

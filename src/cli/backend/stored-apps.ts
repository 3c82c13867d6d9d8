// Apps without a server. No permission check: the caller can read the database anyway.

import { createApps } from '../../apps/services/create-apps.ts';
import { operator } from '../../apps/services/manager.ts';
import { createAudit } from '../../audit/create-audit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asJson, openStored } from './open-stored.ts';
import type { AppBackend, NewShownApp, ShownApp, ShownSecret } from './shown-app.ts';

/** @throws as `openStored` */
export async function openStoredApps(env: Terminal['env']): Promise<AppBackend> {
  const stored = await openStored(env);
  const apps = createApps({ ...stored, safestore: stored.auth.safestore, audit: createAudit(stored) });
  const administrator = stored.config.adminEmail ?? 'admin@localhost';
  return {
    create: async ({ owner = administrator, ...input }) =>
      asJson<NewShownApp>(await apps.create(operator, { ...input, owner })),
    list: async search => asJson<ShownApp[]>(await apps.registry.list(operator, { search })),
    addSecret: async (id, othersExpireAt) =>
      asJson<ShownSecret>(await apps.secrets.create(operator, id, { othersExpireAt })),
    setDisabled: async (id, disabled) =>
      asJson<ShownApp>(await apps.registry[disabled ? 'disable' : 'enable'](operator, id)),
    async close() {
      await apps.close();
      await stored.close();
    },
  };
}

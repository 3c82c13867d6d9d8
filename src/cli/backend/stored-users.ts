// Users without a server. No permission check: the caller can read the database anyway.

import type { Role } from '../../auth/scopes/roles.ts';
import { limitersOver } from '../../base/memory/rate-limiter.ts';
import { createUserServices } from '../../users/services/create-user-services.ts';
import { normalEmail } from '../../users/services/user.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asJson, openStored } from './open-stored.ts';
import type { ShownDelivery, ShownUser, UserBackend } from './shown-user.ts';

/** @throws as `openStored` */
export async function openStoredUsers(env: Terminal['env']): Promise<UserBackend> {
  const stored = await openStored(env);
  const userServices = createUserServices({
    ...stored,
    audit: stored.auth.audit,
    createLimiter: limitersOver(),
  });
  const idOf = async (email: string) => (await userServices.users.byEmail(normalEmail(email), {})).id;

  async function list(search: string | undefined): Promise<ShownUser[]> {
    const all: ShownUser[] = [];
    let after: string | undefined;
    do {
      const page = await userServices.users.list({ search, after }, {});
      all.push(...asJson<ShownUser[]>(page.users));
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  return {
    list,
    invite: async input =>
      asJson<ShownDelivery>(
        await userServices.invitations.create({ ...input, role: input.role as Role }, {}),
      ),
    change: async (email, { role, ...change }) =>
      asJson<ShownUser>(
        await userServices.users.change(
          await idOf(email),
          { ...change, ...(role !== undefined && { role: role as Role }) },
          {},
        ),
      ),
    resetPassword: async email =>
      asJson<ShownDelivery>(await userServices.passwords.sendReset(await idOf(email), {})),
    async close() {
      await userServices.close();
      await stored.close();
    },
  };
}

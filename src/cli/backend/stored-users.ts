// Users without a server. No permission check: the caller can read the database anyway.

import type { Role } from '../../auth/scopes/roles.ts';
import { limitersOver } from '../../base/memory/rate-limiter.ts';
import { createPeople } from '../../people/services/create-people.ts';
import { normalEmail } from '../../people/services/person.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asJson, openStored } from './open-stored.ts';
import type { ShownDelivery, ShownUser, UserBackend } from './shown-user.ts';

/** @throws as `openStored` */
export async function openStoredUsers(env: Terminal['env']): Promise<UserBackend> {
  const stored = await openStored(env);
  const people = createPeople({ ...stored, audit: stored.auth.audit, createLimiter: limitersOver() });
  const idOf = async (email: string) => (await people.users.byEmail(normalEmail(email), {})).id;

  async function list(search: string | undefined): Promise<ShownUser[]> {
    const all: ShownUser[] = [];
    let after: string | undefined;
    do {
      const page = await people.users.list({ search, after }, {});
      all.push(...asJson<ShownUser[]>(page.users));
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  return {
    list,
    invite: async input =>
      asJson<ShownDelivery>(await people.invitations.create({ ...input, role: input.role as Role }, {})),
    change: async (email, { role, ...change }) =>
      asJson<ShownUser>(
        await people.users.change(
          await idOf(email),
          { ...change, ...(role !== undefined && { role: role as Role }) },
          {},
        ),
      ),
    resetPassword: async email =>
      asJson<ShownDelivery>(await people.passwords.sendReset(await idOf(email), {})),
    async close() {
      await people.close();
      await stored.close();
    },
  };
}

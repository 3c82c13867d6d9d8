// People without a server. Whoever can read the database needs no permission.

import type { Role } from '../../auth/scopes/roles.ts';
import { limitersOver } from '../../base/memory/rate-limiter.ts';
import { createPeople } from '../../people/services/create-people.ts';
import { normalEmail } from '../../people/services/person.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asJson, openStored } from './open-stored.ts';
import type { PeopleDesk, ShownDelivery, ShownPerson } from './shown-user.ts';

/** @throws as `openStored` */
export async function openStoredPeople(env: Terminal['env']): Promise<PeopleDesk> {
  const stored = await openStored(env);
  const people = createPeople({ ...stored, audit: stored.auth.audit, createLimiter: limitersOver() });
  const idOf = async (email: string) => (await people.users.byEmail(normalEmail(email), {})).id;

  async function list(search: string | undefined): Promise<ShownPerson[]> {
    const all: ShownPerson[] = [];
    let after: string | undefined;
    do {
      const page = await people.users.list({ search, after }, {});
      all.push(...asJson<ShownPerson[]>(page.users));
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  return {
    list,
    invite: async wanted =>
      asJson<ShownDelivery>(await people.invitations.create({ ...wanted, role: wanted.role as Role }, {})),
    change: async (email, { role, ...change }) =>
      asJson<ShownPerson>(
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

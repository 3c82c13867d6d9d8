// The backend of the user commands.

import type { Role } from '../../auth/scopes/roles.ts';
import { fault } from '../../base/errors.ts';
import { userOperations } from '../../users/api-operations.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Client, withClient } from './client.ts';
import type { ShownUser, UserBackend } from './shown-user.ts';

/** Opens the backend, runs the work, and closes it. @throws Fault with a hint */
export const withUserBackend = <T>(
  terminal: Terminal,
  work: (backend: UserBackend) => Promise<T>,
): Promise<T> => withClient(terminal, client => work(usersOf(client)));

const pageSize = 200;

function usersOf(client: Client): UserBackend {
  async function list(search: string | undefined): Promise<ShownUser[]> {
    const all: ShownUser[] = [];
    let after: string | undefined;
    do {
      const page = await client.call(userOperations.list, {
        query: { search, after, take: String(pageSize) },
      });
      all.push(...page.users);
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  async function idOf(email: string): Promise<string> {
    const address = email.trim().toLowerCase();
    const found = (await list(address)).find(user => user.email === address);
    if (!found) throw fault('NOT_FOUND', `There is no user with the e-mail address ${address}.`);
    return found.id;
  }

  return {
    list,
    invite: input => client.call(userOperations.invite, { body: withRole(input) }),
    change: async (email, change) =>
      client.call(userOperations.change, { params: { id: await idOf(email) }, body: withRole(change) }),
    resetPassword: async email =>
      client.call(userOperations.resetPassword, { params: { id: await idOf(email) } }),
  };
}

/** Whether there is such a role is checked with the rest of the body. */
const withRole = <T extends { readonly role?: string | null }>(body: T) =>
  body as T & { readonly role?: Role | null };

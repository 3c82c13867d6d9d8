// The backend of the user commands: a running server, or the database itself.

import { fault } from '../../base/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { withBackend } from './backend.ts';
import type { Server } from './server.ts';
import type { ShownDelivery, ShownUser, UserBackend } from './shown-user.ts';

/** Opens the backend, runs the work, and closes it. @throws Fault with a hint */
export const withUserBackend = <T>(
  terminal: Terminal,
  work: (backend: UserBackend) => Promise<T>,
): Promise<T> => withBackend<UserBackend, T>(places, terminal, work);

const places = {
  served: servedUsers,
  stored: async (env: Terminal['env']) => (await import('./stored-users.ts')).openStoredUsers(env),
};

const pageSize = 200;

function servedUsers(server: Server): UserBackend {
  async function list(search: string | undefined): Promise<ShownUser[]> {
    const all: ShownUser[] = [];
    let after: string | undefined;
    do {
      const query = new URLSearchParams({
        take: String(pageSize),
        ...(search && { search }),
        ...(after && { after }),
      });
      const page = (await server.send('GET', `/api/users?${query}`)) as {
        users: ShownUser[];
        next?: string;
      };
      all.push(...page.users);
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  async function pathOf(email: string): Promise<string> {
    const address = email.trim().toLowerCase();
    const found = (await list(address)).find(user => user.email === address);
    if (!found) throw fault('NOT_FOUND', `There is no user with the address ${address}.`);
    return `/api/users/${found.id}`;
  }

  return {
    list,
    invite: async input => (await server.send('POST', '/api/invitations', input)) as ShownDelivery,
    change: async (email, change) => (await server.send('PATCH', await pathOf(email), change)) as ShownUser,
    resetPassword: async email =>
      (await server.send('POST', `${await pathOf(email)}/password-reset`)) as ShownDelivery,
    close: async () => {},
  };
}

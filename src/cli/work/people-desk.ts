// Where the commands for people go: to a running server, or, while none runs, to the database itself.

import { fault } from '../../base/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { atDesk } from './desk.ts';
import type { Server } from './server.ts';
import type { PeopleDesk, ShownDelivery, ShownPerson } from './shown-user.ts';

/** Opens the desk for one piece of work, and closes it. @throws Fault with what to do */
export const atPeopleDesk = <T>(terminal: Terminal, work: (desk: PeopleDesk) => Promise<T>): Promise<T> =>
  atDesk<PeopleDesk, T>(places, terminal, work);

const places = {
  served: servedPeople,
  stored: async (env: Terminal['env']) => (await import('./stored-people.ts')).openStoredPeople(env),
};

const pageSize = 200;

function servedPeople(server: Server): PeopleDesk {
  async function list(search: string | undefined): Promise<ShownPerson[]> {
    const all: ShownPerson[] = [];
    let after: string | undefined;
    do {
      const query = new URLSearchParams({
        take: String(pageSize),
        ...(search && { search }),
        ...(after && { after }),
      });
      const page = (await server.send('GET', `/api/users?${query}`)) as {
        users: ShownPerson[];
        next?: string;
      };
      all.push(...page.users);
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  async function pathOf(email: string): Promise<string> {
    const wanted = email.trim().toLowerCase();
    const found = (await list(wanted)).find(person => person.email === wanted);
    if (!found) throw fault('NOT_FOUND', `There is nobody with the address ${wanted}.`);
    return `/api/users/${found.id}`;
  }

  return {
    list,
    invite: async wanted => (await server.send('POST', '/api/invitations', wanted)) as ShownDelivery,
    change: async (email, change) => (await server.send('PATCH', await pathOf(email), change)) as ShownPerson,
    resetPassword: async email =>
      (await server.send('POST', `${await pathOf(email)}/password-reset`)) as ShownDelivery,
    close: async () => {},
  };
}

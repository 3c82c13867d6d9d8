// portolan users …

import { roles } from '../../auth/scopes/roles.ts';
import { nearestName } from '../../base/near-name.ts';
import { type Command, type Given, UsageFault } from '../terminal/command.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { atPeopleDesk } from '../work/people-desk.ts';
import type { ShownDelivery, ShownPerson } from '../work/shown-user.ts';

const usersList: Command = {
  name: 'users list',
  summary: 'List people.',
  options: {
    search: { value: 'TEXT', help: 'Only those whose name or address contains it.' },
    json: { help: 'Print JSON instead of a table.' },
  },
  examples: ['portolan users list', 'portolan users list --search example.com --json'],
  async run(given, terminal) {
    const people = await atPeopleDesk(terminal, desk => desk.list(given.value('search')));
    if (given.has('json')) terminal.print(JSON.stringify(people, undefined, 2));
    else for (const line of table(head, people.map(toCells))) terminal.print(line);
  },
};

const usersInvite: Command = {
  name: 'users invite',
  summary: 'Invite somebody by a link.',
  description: 'The link is sent by letter, or, where no mail server is configured, printed.',
  operands: ['EMAIL'],
  options: {
    name: { value: 'NAME', help: 'How they are called. They can change it.' },
    role: { value: 'ROLE', help: `${roles.join(', ')}, or none. viewer where absent.` },
    scopes: { value: 'SCOPES', help: 'What they may do beyond the role: products.cost:read' },
  },
  examples: ['portolan users invite grace@example.com --role editor --scopes products.cost:read'],
  async run(given, terminal) {
    const [email = ''] = given.operands;
    const role = given.value('role');
    const wanted = {
      email,
      name: given.value('name'),
      scopes: readScopes(given),
      ...(role && { role: readRole(role) }),
    };
    report(terminal, email, await atPeopleDesk(terminal, desk => desk.invite(wanted)));
  },
};

const usersRole: Command = {
  name: 'users role',
  summary: "Change somebody's role.",
  operands: ['EMAIL', 'ROLE'],
  options: { scopes: { value: 'SCOPES', help: 'What they may do beyond the role. As it was where absent.' } },
  examples: [
    'portolan users role grace@example.com administrator',
    'portolan users role feed@example.com none --scopes products:read',
  ],
  async run(given, terminal) {
    const [email = '', role = ''] = given.operands;
    const change = { role: readRole(role), scopes: readScopes(given) };
    const person = await atPeopleDesk(terminal, desk => desk.change(email, change));
    terminal.say(`${person.email} is ${person.role ?? 'without a role'} now${beyond(person)}.`);
  },
};

const usersDisable: Command = {
  name: 'users disable',
  summary: 'Lock somebody out: sessions end, keys and apps stop working.',
  operands: ['EMAIL'],
  examples: ['portolan users disable grace@example.com'],
  run: (given, terminal) => setDisabled(given, terminal, true),
};

const usersEnable: Command = {
  name: 'users enable',
  summary: 'Let somebody in again.',
  operands: ['EMAIL'],
  examples: ['portolan users enable grace@example.com'],
  run: (given, terminal) => setDisabled(given, terminal, false),
};

const usersResetPassword: Command = {
  name: 'users reset-password',
  summary: 'Send somebody a link to choose a new password.',
  description: 'The link is sent by letter, or, where no mail server is configured, printed.',
  operands: ['EMAIL'],
  examples: ['portolan users reset-password grace@example.com'],
  async run(given, terminal) {
    const [email = ''] = given.operands;
    report(terminal, email, await atPeopleDesk(terminal, desk => desk.resetPassword(email)));
  },
};

export const userCommands: readonly Command[] = [
  usersList,
  usersInvite,
  usersRole,
  usersDisable,
  usersEnable,
  usersResetPassword,
];

async function setDisabled(given: Given, terminal: Terminal, disabled: boolean): Promise<void> {
  const [email = ''] = given.operands;
  const person = await atPeopleDesk(terminal, desk => desk.change(email, { disabled }));
  terminal.say(`${person.email} is ${person.state} now.`);
}

/** The link alone goes to standard output. */
function report(terminal: Terminal, email: string, { sent, link, expiresAt }: ShownDelivery): void {
  if (sent) {
    terminal.say(`A letter is on its way to ${email}. Its link is good until ${expiresAt}.`);
    return;
  }
  if (link) terminal.print(link);
  terminal.say(`Hand this link to ${email}, and to nobody else. It is good once, until ${expiresAt}.`);
}

function readRole(text: string): string | null {
  if (text === 'none') return null;
  if ((roles as readonly string[]).includes(text)) return text;
  const near = nearestName(text, [...roles, 'none']);
  throw new UsageFault(
    `There is no role "${text}".`,
    near ? `Did you mean ${near}?` : `Roles: ${roles.join(', ')}, none.`,
  );
}

const readScopes = (given: Given): string[] | undefined =>
  given
    .value('scopes')
    ?.split(/[\s,]+/)
    .filter(Boolean);

const beyond = ({ scopes }: ShownPerson): string =>
  scopes.length > 0 ? `, and may ${scopes.join(', ')}` : '';

const head = ['E-MAIL', 'NAME', 'ROLE', 'SCOPES', 'STATE', 'LAST SIGN-IN'];

const toCells = ({ email, name, role, scopes, state, lastSignInAt }: ShownPerson): string[] => [
  ...[email, name, role ?? '-', scopes.join(',') || '-', state],
  lastSignInAt ? `${lastSignInAt.slice(0, 16).replace('T', ' ')}Z` : 'never',
];

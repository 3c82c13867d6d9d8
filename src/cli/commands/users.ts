// portolan users …

import { roles } from '../../auth/scopes/roles.ts';
import { nearestName } from '../../base/near-name.ts';
import type { ShownDelivery, ShownUser } from '../backend/shown-user.ts';
import { withUserBackend } from '../backend/user-backend.ts';
import { type Arguments, type Command, UsageFault } from '../terminal/command.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

const usersList: Command = {
  name: 'users list',
  summary: 'List users.',
  options: {
    search: { value: 'TEXT', help: 'Only users whose name or e-mail address contains this text.' },
    json: { help: 'Print JSON instead of a table.' },
  },
  examples: ['portolan users list', 'portolan users list --search example.com --json'],
  async run(args, terminal) {
    const users = await withUserBackend(terminal, backend => backend.list(args.value('search')));
    if (args.has('json')) terminal.print(JSON.stringify(users, undefined, 2));
    else for (const line of table(head, users.map(toCells))) terminal.print(line);
  },
};

const usersInvite: Command = {
  name: 'users invite',
  summary: 'Invite a user by a link.',
  description: 'The link is sent by e-mail, or printed if no mail server is configured.',
  operands: ['EMAIL'],
  options: {
    name: { value: 'NAME', help: 'Display name. The user can change it.' },
    role: { value: 'ROLE', help: `${roles.join(', ')}, or none. Default: viewer.` },
    scopes: { value: 'SCOPES', help: 'Scopes in addition to the role: products.cost:read' },
  },
  examples: ['portolan users invite grace@example.com --role editor --scopes products.cost:read'],
  async run(args, terminal) {
    const [email = ''] = args.operands;
    const role = args.value('role');
    const input = {
      email,
      name: args.value('name'),
      scopes: readScopes(args),
      ...(role && { role: readRole(role) }),
    };
    report(terminal, email, await withUserBackend(terminal, backend => backend.invite(input)));
  },
};

const usersRole: Command = {
  name: 'users role',
  summary: "Change a user's role.",
  operands: ['EMAIL', 'ROLE'],
  options: { scopes: { value: 'SCOPES', help: 'Scopes in addition to the role. Default: unchanged.' } },
  examples: [
    'portolan users role grace@example.com administrator',
    'portolan users role feed@example.com none --scopes products:read',
  ],
  async run(args, terminal) {
    const [email = '', role = ''] = args.operands;
    const change = { role: readRole(role), scopes: readScopes(args) };
    const user = await withUserBackend(terminal, backend => backend.change(email, change));
    terminal.say(
      `${user.email} now has ${user.role === null ? 'no role' : `the role ${user.role}`}${extraScopes(user)}.`,
    );
  },
};

const usersDisable: Command = {
  name: 'users disable',
  summary: 'Disable a user: sessions end, API keys and apps stop working.',
  operands: ['EMAIL'],
  examples: ['portolan users disable grace@example.com'],
  run: (args, terminal) => setDisabled(args, terminal, true),
};

const usersEnable: Command = {
  name: 'users enable',
  summary: 'Enable a disabled user.',
  operands: ['EMAIL'],
  examples: ['portolan users enable grace@example.com'],
  run: (args, terminal) => setDisabled(args, terminal, false),
};

const usersResetPassword: Command = {
  name: 'users reset-password',
  summary: 'Send a user a link to set a new password.',
  description: 'The link is sent by e-mail, or printed if no mail server is configured.',
  operands: ['EMAIL'],
  examples: ['portolan users reset-password grace@example.com'],
  async run(args, terminal) {
    const [email = ''] = args.operands;
    report(terminal, email, await withUserBackend(terminal, backend => backend.resetPassword(email)));
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

async function setDisabled(args: Arguments, terminal: Terminal, disabled: boolean): Promise<void> {
  const [email = ''] = args.operands;
  const user = await withUserBackend(terminal, backend => backend.change(email, { disabled }));
  terminal.say(`${user.email} is now ${user.state}.`);
}

/** Only the link goes to standard output. */
function report(terminal: Terminal, email: string, { sent, link, expiresAt }: ShownDelivery): void {
  if (sent) {
    terminal.say(`An e-mail was sent to ${email}. Its link expires ${expiresAt}.`);
    return;
  }
  if (link) terminal.print(link);
  terminal.say(`Send this link to ${email} only. It works once and expires ${expiresAt}.`);
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

const readScopes = (args: Arguments): string[] | undefined =>
  args
    .value('scopes')
    ?.split(/[\s,]+/)
    .filter(Boolean);

const extraScopes = ({ scopes }: ShownUser): string =>
  scopes.length > 0 ? ` and the scopes ${scopes.join(', ')}` : '';

const head = ['E-MAIL', 'NAME', 'ROLE', 'SCOPES', 'STATE', 'LAST SIGN-IN'];

const toCells = ({ email, name, role, scopes, state, lastSignInAt }: ShownUser): string[] => [
  email,
  name,
  role ?? '-',
  scopes.join(',') || '-',
  state,
  lastSignInAt ? `${lastSignInAt.slice(0, 16).replace('T', ' ')}Z` : 'never',
];

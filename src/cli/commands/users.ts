// portolan users …

import { Argument, Command } from '@commander-js/extra-typings';
import { roles } from '../../auth/scopes/roles.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { ShownDelivery, ShownUser } from '../backend/shown-user.ts';
import { withUserBackend } from '../backend/user-backend.ts';
import { minute, splitList } from '../terminal/cells.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { type Columns, printJson, printRecords } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageFault } from '../terminal/usage-fault.ts';

export const usersCommand = (terminal: Terminal) =>
  new Command('users')
    .description('Manage users, their roles and their passwords.')
    .addCommand(usersList(terminal))
    .addCommand(usersInvite(terminal))
    .addCommand(usersRole(terminal))
    .addCommand(usersDisable(terminal))
    .addCommand(usersEnable(terminal))
    .addCommand(usersResetPassword(terminal));

const usersList = (terminal: Terminal) =>
  newCommand('list', {
    summary: 'List users.',
    examples: ['portolan users list', 'portolan users list --search example.com --json'],
  })
    .option('--search <TEXT>', 'Only users whose name or e-mail address contains this text.')
    .option('--json', jsonHelp)
    .action(async ({ search, json }) => {
      const users = await withUserBackend(terminal, backend => backend.list(search));
      printRecords(terminal, users, columns, { json });
    });

const columns: Columns<ShownUser> = {
  head: ['E-MAIL', 'NAME', 'ROLE', 'SCOPES', 'STATE', 'LAST SIGN-IN'],
  toCells: ({ email, name, role, scopes, state, lastSignInAt }) => [
    email,
    name,
    role ?? '-',
    scopes.join(',') || '-',
    state,
    minute(lastSignInAt) ?? 'never',
  ],
};

const usersInvite = (terminal: Terminal) =>
  newCommand('invite', {
    summary: 'Invite a user by a link.',
    description: 'The link is sent by e-mail, or printed if no mail server is configured.',
    examples: ['portolan users invite grace@example.com --role editor --scopes products.cost:read'],
  })
    .argument('<EMAIL>', emailHelp)
    .option('--name <NAME>', 'Display name. The user can change it.')
    .option('--role <ROLE>', `${roles.join(', ')}, or none. Default: viewer.`)
    .option('--scopes <SCOPES>', 'Scopes in addition to the role: products.cost:read')
    .option('--json', jsonHelp)
    .action(async (email, { name, role, scopes, json }) => {
      const input = { email, name, scopes: readScopes(scopes), ...(role && { role: readRole(role) }) };
      const delivery = await withUserBackend(terminal, backend => backend.invite(input));
      report(terminal, email, delivery, { json });
    });

const usersRole = (terminal: Terminal) =>
  newCommand('role', {
    summary: "Change a user's role.",
    examples: [
      'portolan users role grace@example.com administrator',
      'portolan users role feed@example.com none --scopes products:read',
    ],
  })
    .argument('<EMAIL>', emailHelp)
    .addArgument(new Argument('<ROLE>', `${roles.join(', ')}, or none.`))
    .option('--scopes <SCOPES>', 'Scopes in addition to the role. Default: unchanged.')
    .option('--json', jsonHelp)
    .action(async (email, role, { scopes, json }) => {
      const change = { role: readRole(role), scopes: readScopes(scopes) };
      const user = await withUserBackend(terminal, backend => backend.change(email, change));
      if (json) printJson(terminal, user);
      terminal.say(
        `${user.email} now has ${user.role === null ? 'no role' : `the role ${user.role}`}${extraScopes(user)}.`,
      );
    });

const usersDisable = (terminal: Terminal) =>
  newCommand('disable', {
    summary: 'Disable a user: sessions end, API keys and apps stop working.',
    examples: ['portolan users disable grace@example.com'],
  })
    .argument('<EMAIL>', emailHelp)
    .option('--json', jsonHelp)
    .action((email, options) => setDisabled(terminal, email, true, options));

const usersEnable = (terminal: Terminal) =>
  newCommand('enable', {
    summary: 'Enable a disabled user.',
    examples: ['portolan users enable grace@example.com'],
  })
    .argument('<EMAIL>', emailHelp)
    .option('--json', jsonHelp)
    .action((email, options) => setDisabled(terminal, email, false, options));

const usersResetPassword = (terminal: Terminal) =>
  newCommand('reset-password', {
    summary: 'Send a user a link to set a new password.',
    description: 'The link is sent by e-mail, or printed if no mail server is configured.',
    examples: ['portolan users reset-password grace@example.com'],
  })
    .argument('<EMAIL>', emailHelp)
    .option('--json', jsonHelp)
    .action(async (email, options) => {
      const delivery = await withUserBackend(terminal, backend => backend.resetPassword(email));
      report(terminal, email, delivery, options);
    });

const emailHelp = 'The e-mail address of the user.';

interface JsonOption {
  readonly json?: true;
}

async function setDisabled(
  terminal: Terminal,
  email: string,
  disabled: boolean,
  { json }: JsonOption,
): Promise<void> {
  const user = await withUserBackend(terminal, backend => backend.change(email, { disabled }));
  if (json) printJson(terminal, user);
  terminal.say(`${user.email} is now ${user.state}.`);
}

/** Only the link goes to standard output. */
function report(terminal: Terminal, email: string, delivery: ShownDelivery, { json }: JsonOption): void {
  const { sent, link, expiresAt } = delivery;
  if (json) printJson(terminal, delivery);
  else if (link && !sent) terminal.print(link);
  terminal.say(
    sent
      ? `An e-mail was sent to ${email}. Its link expires ${expiresAt}.`
      : `Send this link to ${email} only. It works once and expires ${expiresAt}.`,
  );
}

function readRole(text: string): string | null {
  if (text === 'none') return null;
  if ((roles as readonly string[]).includes(text)) return text;
  const hint = didYouMean(text, [...roles, 'none']) ?? `Roles: ${roles.join(', ')}, none.`;
  throw new UsageFault(`There is no role "${text}".`, hint);
}

const readScopes = (text: string | undefined): string[] | undefined =>
  text === undefined ? undefined : splitList(text);

const extraScopes = ({ scopes }: ShownUser): string =>
  scopes.length > 0 ? ` and the scopes ${scopes.join(', ')}` : '';

// portolan apps …

import { Command } from '@commander-js/extra-typings';
import { withAppBackend } from '../backend/app-backend.ts';
import type { ShownApp } from '../backend/shown-app.ts';
import { minute, splitList } from '../terminal/cells.ts';
import { readExpiry } from '../terminal/expiry.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { type Columns, printJson, printRecords } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageFault } from '../terminal/usage-fault.ts';

export const appsCommand = (terminal: Terminal) =>
  new Command('apps')
    .description('Manage the OAuth apps of all users.')
    .addCommand(appsList(terminal))
    .addCommand(appsCreate(terminal))
    .addCommand(appsSecret(terminal))
    .addCommand(appsDisable(terminal))
    .addCommand(appsEnable(terminal));

const appsList = (terminal: Terminal) =>
  newCommand('list', {
    summary: 'List the OAuth apps of all users.',
    examples: ['portolan apps list', 'portolan apps list --search report --json'],
  })
    .option('--search <TEXT>', 'Only apps whose name, client ID or owner contains this text.')
    .option('--json', jsonHelp)
    .action(async ({ search, json }) => {
      const apps = await withAppBackend(terminal, backend => backend.list(search));
      printRecords(terminal, apps, columns, { json });
    });

const columns: Columns<ShownApp> = {
  head: ['CLIENT ID', 'NAME', 'OWNER', 'KIND', 'SCOPES', 'CREATED', 'STATE'],
  toCells: app => [
    app.id,
    app.name,
    app.owner.email,
    app.kind === 'plugin' ? 'plugin' : app.confidential ? 'confidential' : 'public',
    app.scopes.join(','),
    minute(app.createdAt) ?? '',
    app.disabledAt ? 'disabled' : 'enabled',
  ],
};

const appsCreate = (terminal: Terminal) =>
  newCommand('create', {
    summary: 'Create an OAuth app, and print its client secret once.',
    description:
      "Standard output holds the client ID and, for a confidential app, the client secret on a second line. The app's permissions cannot exceed those of its users, or of its owner when it acts for itself.",
    examples: [
      'portolan apps create --name "Stock report" --scopes read --redirects https://report.example.com/callback',
      'portolan apps create --name Sync --scopes read,write --machine --owner sync@example.com',
    ],
  })
    .requiredOption('--name <NAME>', 'The name that users see.')
    .requiredOption('--scopes <SCOPES>', 'The scopes that it may request: read,products.cost:read')
    .option('--redirects <URIS>', 'Its redirect URIs, separated by commas.')
    .option('--public', 'A public client without a secret: it runs in a browser or on a device.')
    .option('--machine', 'It may act for itself, with the client credentials grant.')
    .option('--owner <EMAIL>', 'The owner. Default: you.')
    .option('--json', jsonHelp)
    .action(async options => {
      const input = toInput(options);
      const app = await withAppBackend(terminal, backend => backend.create(input));
      if (options.json) printJson(terminal, app);
      else for (const line of [app.id, app.clientSecret]) if (line) terminal.print(line);
      terminal.say(`App ${app.id} of ${app.owner.email} may request the scopes ${app.scopes.join(', ')}.`);
      if (app.clientSecret) terminal.say('Copy the secret now. It will not be shown again.');
    });

interface CreateOptions {
  readonly name: string;
  readonly scopes: string;
  readonly redirects?: string;
  readonly public?: true;
  readonly machine?: boolean;
  readonly owner?: string;
}

function toInput({ name, scopes, redirects, machine = false, owner, ...options }: CreateOptions) {
  const confidential = !options.public;
  if (!confidential && machine) throw new UsageFault('--public and --machine cannot be combined.');
  return {
    name,
    owner,
    confidential,
    scopes: splitList(scopes),
    redirectUris: splitList(redirects),
    clientCredentials: machine,
  };
}

const appsSecret = (terminal: Terminal) =>
  newCommand('secret', {
    summary: 'Create another secret for an app, and print it once.',
    examples: ['portolan apps secret app_7k3mq… --others-expire 7d'],
  })
    .argument('<CLIENT_ID>', idHelp)
    .option('--others-expire <WHEN>', 'When the existing secrets expire: after 12h or 7d, or on 2027-01-01.')
    .option('--json', jsonHelp)
    .action(async (id, { othersExpire, json }) => {
      const othersExpireAt = othersExpire === undefined ? undefined : readExpiry(othersExpire);
      const created = await withAppBackend(terminal, backend => backend.addSecret(id, othersExpireAt));
      if (json) printJson(terminal, created);
      else terminal.print(created.secret);
      terminal.say('Copy it now. It will not be shown again.');
    });

const appsDisable = (terminal: Terminal) =>
  newCommand('disable', {
    summary: 'Disable an app. Its tokens stop working everywhere within a second.',
    examples: ['portolan apps disable app_7k3mq…'],
  })
    .argument('<CLIENT_ID>', idHelp)
    .option('--json', jsonHelp)
    .action((id, { json }) => setDisabled(terminal, id, true, json));

const appsEnable = (terminal: Terminal) =>
  newCommand('enable', {
    summary: 'Enable a disabled app.',
    examples: ['portolan apps enable app_7k3mq…'],
  })
    .argument('<CLIENT_ID>', idHelp)
    .option('--json', jsonHelp)
    .action((id, { json }) => setDisabled(terminal, id, false, json));

const idHelp = 'The client ID of the app, from "portolan apps list".';

async function setDisabled(terminal: Terminal, id: string, disabled: boolean, json?: true): Promise<void> {
  const app = await withAppBackend(terminal, backend => backend.setDisabled(id, disabled));
  if (json) printJson(terminal, app);
  terminal.say(`${app.name} (${app.id}) is now ${app.disabledAt ? 'disabled' : 'enabled'}.`);
}

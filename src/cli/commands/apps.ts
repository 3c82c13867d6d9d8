// portolan apps …

import { withAppBackend } from '../backend/app-backend.ts';
import type { AppInput, ShownApp } from '../backend/shown-app.ts';
import { type Arguments, type Command, UsageFault } from '../terminal/command.ts';
import { readExpiry } from '../terminal/expiry.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

const appsList: Command = {
  name: 'apps list',
  summary: 'List the OAuth apps of all users.',
  options: {
    search: { value: 'TEXT', help: 'Only apps whose name, client ID or owner contains this text.' },
    json: { help: 'Print JSON instead of a table.' },
  },
  examples: ['portolan apps list', 'portolan apps list --search report --json'],
  async run(args, terminal) {
    const apps = await withAppBackend(terminal, backend => backend.list(args.value('search')));
    if (args.has('json')) terminal.print(JSON.stringify(apps, undefined, 2));
    else for (const line of table(head, apps.map(toCells))) terminal.print(line);
  },
};

const appsCreate: Command = {
  name: 'apps create',
  summary: 'Create an OAuth app, and print its client secret once.',
  description: `Standard output holds the client ID and, for a confidential app, the client secret on a second line. The app's
permissions cannot exceed those of its users, or of its owner when it acts for itself.`,
  options: {
    name: { value: 'NAME', help: 'The name that users see.', required: true },
    scopes: {
      value: 'SCOPES',
      help: 'The scopes that it may request: read,products.cost:read',
      required: true,
    },
    redirects: { value: 'URIS', help: 'Its redirect URIs, separated by commas.' },
    public: { help: 'A public client without a secret: it runs in a browser or on a device.' },
    machine: { help: 'It may act for itself, with the client credentials grant.' },
    owner: { value: 'EMAIL', help: 'The owner. Default: you.' },
  },
  examples: [
    'portolan apps create --name "Stock report" --scopes read --redirects https://report.example.com/callback',
    'portolan apps create --name Sync --scopes read,write --machine --owner sync@example.com',
  ],
  async run(args, terminal) {
    const input = readInput(args);
    const app = await withAppBackend(terminal, backend => backend.create(input));
    terminal.print(app.id);
    if (app.clientSecret) terminal.print(app.clientSecret);
    terminal.say(`App ${app.id} of ${app.owner.email} may request the scopes ${app.scopes.join(', ')}.`);
    if (app.clientSecret) terminal.say('Copy the secret now. It will not be shown again.');
  },
};

const appsSecret: Command = {
  name: 'apps secret',
  summary: 'Create another secret for an app, and print it once.',
  operands: ['CLIENT_ID'],
  options: {
    'others-expire': {
      value: 'WHEN',
      help: 'When the existing secrets expire: after 12h or 7d, or on 2027-01-01.',
    },
  },
  examples: ['portolan apps secret app_7k3mq… --others-expire 7d'],
  async run(args, terminal) {
    const [id = ''] = args.operands;
    const when = args.value('others-expire');
    const othersExpireAt = when === undefined ? undefined : readExpiry(when);
    const { secret } = await withAppBackend(terminal, backend => backend.addSecret(id, othersExpireAt));
    terminal.print(secret);
    terminal.say('Copy it now. It will not be shown again.');
  },
};

const appsDisable: Command = {
  name: 'apps disable',
  summary: 'Disable an app. Its tokens stop working everywhere within a second.',
  operands: ['CLIENT_ID'],
  examples: ['portolan apps disable app_7k3mq…'],
  run: (args, terminal) => setDisabled(args, terminal, true),
};

const appsEnable: Command = {
  name: 'apps enable',
  summary: 'Enable a disabled app.',
  operands: ['CLIENT_ID'],
  examples: ['portolan apps enable app_7k3mq…'],
  run: (args, terminal) => setDisabled(args, terminal, false),
};

export const appCommands: readonly Command[] = [appsList, appsCreate, appsSecret, appsDisable, appsEnable];

function readInput(args: Arguments): AppInput {
  const isPublic = args.has('public');
  const machine = args.has('machine');
  if (isPublic && machine) throw new UsageFault('--public and --machine cannot be combined.');
  return {
    name: args.value('name')!,
    scopes: split(args.value('scopes')),
    redirectUris: split(args.value('redirects')),
    confidential: !isPublic,
    clientCredentials: machine,
    owner: args.value('owner'),
  };
}

const split = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);

async function setDisabled(args: Arguments, terminal: Terminal, disabled: boolean): Promise<void> {
  const [id = ''] = args.operands;
  const app = await withAppBackend(terminal, backend => backend.setDisabled(id, disabled));
  terminal.say(`${app.name} (${app.id}) is now ${app.disabledAt ? 'disabled' : 'enabled'}.`);
}

const head = ['CLIENT ID', 'NAME', 'OWNER', 'KIND', 'SCOPES', 'CREATED', 'STATE'];

const toCells = (app: ShownApp): string[] => [
  app.id,
  app.name,
  app.owner.email,
  app.kind === 'plugin' ? 'plugin' : app.confidential ? 'confidential' : 'public',
  app.scopes.join(','),
  `${app.createdAt.slice(0, 16).replace('T', ' ')}Z`,
  app.disabledAt ? 'disabled' : 'enabled',
];

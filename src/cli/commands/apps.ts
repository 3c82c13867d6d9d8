// portolan apps …

import { type Command, type Given, UsageFault } from '../terminal/command.ts';
import { readExpiry } from '../terminal/expiry.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { atAppDesk } from '../work/app-desk.ts';
import type { ShownApp, WantedApp } from '../work/shown-app.ts';

const appsList: Command = {
  name: 'apps list',
  summary: 'List the OAuth apps of everybody.',
  options: {
    search: { value: 'TEXT', help: 'Only those whose name, client id or owner contains it.' },
    json: { help: 'Print JSON instead of a table.' },
  },
  examples: ['portolan apps list', 'portolan apps list --search report --json'],
  async run(given, terminal) {
    const apps = await atAppDesk(terminal, desk => desk.list(given.value('search')));
    if (given.has('json')) terminal.print(JSON.stringify(apps, undefined, 2));
    else for (const line of table(head, apps.map(toCells))) terminal.print(line);
  },
};

const appsCreate: Command = {
  name: 'apps create',
  summary: 'Create an OAuth app, and print its client secret, once.',
  description: `Standard output holds the client id and, where there is one, the client secret on a second line. The app can do
no more than its users, or, acting for itself, than its owner.`,
  options: {
    name: { value: 'NAME', help: 'As users see it.', required: true },
    scopes: {
      value: 'SCOPES',
      help: 'The most that it may ask for: read,products.cost:read',
      required: true,
    },
    redirects: { value: 'URIS', help: 'Where its users are sent back to, with commas between.' },
    public: { help: 'It can keep no secret: it runs in a browser or on devices of its users.' },
    machine: { help: 'It may act for itself, by the client credentials grant.' },
    owner: { value: 'EMAIL', help: 'Whose app it is. Yours where absent.' },
  },
  examples: [
    'portolan apps create --name "Stock report" --scopes read --redirects https://report.example.com/callback',
    'portolan apps create --name Sync --scopes read,write --machine --owner sync@example.com',
  ],
  async run(given, terminal) {
    const wanted = readWanted(given);
    const app = await atAppDesk(terminal, desk => desk.create(wanted));
    terminal.print(app.id);
    if (app.clientSecret) terminal.print(app.clientSecret);
    terminal.say(`App ${app.id} of ${app.owner.email} may ask for: ${app.scopes.join(', ')}.`);
    if (app.clientSecret) terminal.say('Keep the secret now: it is not shown again.');
  },
};

const appsSecret: Command = {
  name: 'apps secret',
  summary: 'Make one more secret of an app, and print it, once.',
  operands: ['CLIENT_ID'],
  options: {
    'others-expire': {
      value: 'WHEN',
      help: 'When those that are there end: after 12h or 7d, or on 2027-01-01.',
    },
  },
  examples: ['portolan apps secret app_7k3mq… --others-expire 7d'],
  async run(given, terminal) {
    const [id = ''] = given.operands;
    const when = given.value('others-expire');
    const othersExpireAt = when === undefined ? undefined : readExpiry(when);
    const { secret } = await atAppDesk(terminal, desk => desk.addSecret(id, othersExpireAt));
    terminal.print(secret);
    terminal.say('Keep it now: it is not shown again.');
  },
};

const appsDisable: Command = {
  name: 'apps disable',
  summary: 'Disable an app: its tokens are refused everywhere within a second.',
  operands: ['CLIENT_ID'],
  examples: ['portolan apps disable app_7k3mq…'],
  run: (given, terminal) => setDisabled(given, terminal, true),
};

const appsEnable: Command = {
  name: 'apps enable',
  summary: 'Enable an app again.',
  operands: ['CLIENT_ID'],
  examples: ['portolan apps enable app_7k3mq…'],
  run: (given, terminal) => setDisabled(given, terminal, false),
};

export const appCommands: readonly Command[] = [appsList, appsCreate, appsSecret, appsDisable, appsEnable];

function readWanted(given: Given): WantedApp {
  const [isPublic, machine] = [given.has('public'), given.has('machine')];
  if (isPublic && machine) throw new UsageFault('--public and --machine exclude each other.');
  return {
    name: given.value('name')!,
    scopes: split(given.value('scopes')),
    redirectUris: split(given.value('redirects')),
    confidential: !isPublic,
    clientCredentials: machine,
    owner: given.value('owner'),
  };
}

const split = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);

async function setDisabled(given: Given, terminal: Terminal, disabled: boolean): Promise<void> {
  const [id = ''] = given.operands;
  const app = await atAppDesk(terminal, desk => desk.setDisabled(id, disabled));
  terminal.say(`${app.name} (${app.id}) is ${app.disabledAt ? 'disabled' : 'enabled'} now.`);
}

const head = ['CLIENT ID', 'NAME', 'OWNER', 'KIND', 'SCOPES', 'MADE', 'STATE'];

const toCells = (app: ShownApp): string[] => [
  app.id,
  app.name,
  app.owner.email,
  app.kind === 'plugin' ? 'plugin' : app.confidential ? 'confidential' : 'public',
  app.scopes.join(','),
  `${app.createdAt.slice(0, 16).replace('T', ' ')}Z`,
  app.disabledAt ? 'disabled' : 'enabled',
];

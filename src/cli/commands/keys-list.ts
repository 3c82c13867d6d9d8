import { withKeyBackend } from '../backend/key-backend.ts';
import type { ShownKey } from '../backend/shown-key.ts';
import type { Command } from '../terminal/command.ts';
import { table } from '../terminal/table.ts';

export const keysList: Command = {
  name: 'keys list',
  summary: 'List API keys: yours, or those of all users if your key has the scope "admin".',
  options: {
    owner: { value: 'EMAIL', help: 'Only keys of this user.' },
    json: { help: 'Print JSON instead of a table.' },
  },
  examples: ['portolan keys list', 'portolan keys list --json'],
  async run(args, terminal) {
    const keys = await withKeyBackend(terminal, backend => backend.list(args.value('owner')));
    if (args.has('json')) terminal.print(JSON.stringify(keys, undefined, 2));
    else for (const line of table(head, keys.map(toCells))) terminal.print(line);
    for (const { id, warning } of keys) if (warning) terminal.say(`${id}: ${warning}`);
  },
};

const head = ['ID', 'NAME', 'OWNER', 'LAST FOUR', 'SCOPES', 'EXPIRES', 'LAST USED', 'STATE'];

const toCells = (key: ShownKey): string[] => [
  key.id,
  key.name,
  key.owner,
  key.lastFour,
  key.scopes.join(','),
  minute(key.expiresAt) ?? 'never',
  [minute(key.lastUsedAt) ?? 'never', key.lastUsedIp].filter(Boolean).join(' '),
  [key.state, minute(key.revokedAt)].filter(Boolean).join(' '),
];

/** @returns `2027-01-01 12:30Z` */
const minute = (time: string | null): string | undefined =>
  time === null ? undefined : `${time.slice(0, 16).replace('T', ' ')}Z`;

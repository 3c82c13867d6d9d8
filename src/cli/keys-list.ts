import type { Command } from './command.ts';
import { atKeyDesk, type ShownKey } from './key-desk.ts';
import { table } from './table.ts';

export const keysList: Command = {
  name: 'keys list',
  summary: 'List all API keys.',
  options: { json: { help: 'Print JSON instead of a table.' } },
  examples: ['portolan keys list', 'portolan keys list --json'],
  async run(given, terminal) {
    const keys = await atKeyDesk(terminal, desk => desk.list());
    if (given.has('json')) terminal.print(JSON.stringify(keys, undefined, 2));
    else for (const line of table(head, keys.map(toCells))) terminal.print(line);
  },
};

const head = ['ID', 'NAME', 'OWNER', 'ENDS IN', 'SCOPES', 'EXPIRES', 'LAST USED', 'REVOKED'];

const toCells = (key: ShownKey): string[] => [
  key.id,
  key.name,
  key.owner,
  key.lastFour,
  key.scopes.join(','),
  minute(key.expiresAt) ?? 'never',
  [minute(key.lastUsedAt) ?? 'never', key.lastUsedIp].filter(Boolean).join(' '),
  minute(key.revokedAt) ?? '-',
];

/** @returns `2027-01-01 12:30Z` */
const minute = (time: string | null): string | undefined =>
  time === null ? undefined : `${time.slice(0, 16).replace('T', ' ')}Z`;

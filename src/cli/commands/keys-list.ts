import { withKeyBackend } from '../backend/key-backend.ts';
import type { ShownKey } from '../backend/shown-key.ts';
import { minute } from '../terminal/cells.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { type Columns, printRecords } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const keysList = (terminal: Terminal) =>
  newCommand('list', {
    summary: 'List API keys: yours, or those of all users if your key has the scope "admin".',
    examples: ['portolan keys list', 'portolan keys list --owner buyer@example.com --json'],
  })
    .option('--owner <EMAIL>', 'Only keys of this user.')
    .option('--json', jsonHelp)
    .action(async ({ owner, json }) => {
      const keys = await withKeyBackend(terminal, backend => backend.list(owner));
      printRecords(terminal, keys, columns, { json });
      for (const { id, warning } of keys) if (warning) terminal.say(`${id}: ${warning}`);
    });

const columns: Columns<ShownKey> = {
  head: ['ID', 'NAME', 'OWNER', 'LAST FOUR', 'SCOPES', 'EXPIRES', 'LAST USED', 'STATE'],
  toCells: key => [
    key.id,
    key.name,
    key.owner,
    key.lastFour,
    key.scopes.join(','),
    minute(key.expiresAt) ?? 'never',
    [minute(key.lastUsedAt) ?? 'never', key.lastUsedIp].filter(Boolean).join(' '),
    [key.state, minute(key.revokedAt)].filter(Boolean).join(' '),
  ],
};

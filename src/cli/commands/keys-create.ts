import { withKeyBackend } from '../backend/key-backend.ts';
import { splitList } from '../terminal/cells.ts';
import { expiryOf, readExpiry } from '../terminal/expiry.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { printJson } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const keysCreate = (terminal: Terminal) =>
  newCommand('create', {
    summary: 'Create an API key and print it once.',
    description:
      'Standard output holds only the key. Its permissions cannot exceed those of its owner, nor those of the key in PORTOLAN_API_KEY.',
    examples: [
      'portolan keys create --name "Price report" --scopes read --expires 90d',
      'portolan keys create --name Shop --scopes products:read,products.cost:read --owner shop@example.com',
    ],
  })
    .requiredOption('--name <NAME>', 'What the key is for.')
    .requiredOption('--scopes <SCOPES>', 'Its scopes: read,products.cost:read')
    .option('--expires <WHEN>', 'After 90d, 12h or 4w, or on 2027-01-01. Default: never.')
    .option('--owner <EMAIL>', 'The owner. Default: you.')
    .option('--json', jsonHelp)
    .action(async ({ name, scopes, expires, owner, json }) => {
      const expiresAt = expires === undefined ? undefined : readExpiry(expires);
      const input = { name, scopes: splitList(scopes), expiresAt, owner };
      const created = await withKeyBackend(terminal, backend => backend.create(input));
      if (json) printJson(terminal, created);
      else terminal.print(created.key);
      terminal.say(
        `Key ${created.id} of ${created.owner} has the scopes ${created.scopes.join(', ')}. ${expiryOf(created.expiresAt)}`,
      );
      terminal.say('Copy it now. It will not be shown again.');
    });

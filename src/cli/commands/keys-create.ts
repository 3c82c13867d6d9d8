import { withKeyBackend } from '../backend/key-backend.ts';
import type { KeyInput } from '../backend/shown-key.ts';
import type { Arguments, Command } from '../terminal/command.ts';
import { expiryOf, readExpiry } from '../terminal/expiry.ts';

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'Create an API key and print it once.',
  description: `Standard output holds only the key. Its permissions cannot exceed those of its owner, nor those of the key in
PORTOLAN_API_KEY.`,
  options: {
    name: { value: 'NAME', help: 'What the key is for.', required: true },
    scopes: { value: 'SCOPES', help: 'Its scopes: read,products.cost:read', required: true },
    expires: { value: 'WHEN', help: 'After 90d, 12h or 4w, or on 2027-01-01. Default: never.' },
    owner: { value: 'EMAIL', help: 'The owner. Default: you.' },
  },
  examples: [
    'portolan keys create --name "Price report" --scopes read --expires 90d',
    'portolan keys create --name Shop --scopes products:read,products.cost:read --owner shop@example.com',
  ],
  async run(args, terminal) {
    const input = readInput(args);
    const { key, id, owner, scopes, expiresAt } = await withKeyBackend(terminal, backend =>
      backend.create(input),
    );
    terminal.print(key);
    terminal.say(`Key ${id} of ${owner} has the scopes ${scopes.join(', ')}. ${expiryOf(expiresAt)}`);
    terminal.say('Copy it now. It will not be shown again.');
  },
};

function readInput(args: Arguments): KeyInput {
  const expires = args.value('expires');
  return {
    name: args.value('name')!,
    scopes: args
      .value('scopes')!
      .split(/[\s,]+/)
      .filter(Boolean),
    expiresAt: expires === undefined ? undefined : readExpiry(expires),
    owner: args.value('owner'),
  };
}

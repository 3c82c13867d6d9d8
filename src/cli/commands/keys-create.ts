import type { Command, Given } from '../terminal/command.ts';
import { readExpiry } from '../terminal/expiry.ts';
import { atKeyDesk } from '../work/key-desk.ts';
import type { WantedKey } from '../work/shown-key.ts';

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'Create an API key and print it, once.',
  description: `Standard output holds the key and nothing else. The key can do no more than its owner, nor more than the
key that PORTOLAN_API_KEY names.`,
  options: {
    name: { value: 'NAME', help: 'What it is for.', required: true },
    scopes: { value: 'SCOPES', help: 'What it may do: read,products.cost:read', required: true },
    expires: { value: 'WHEN', help: 'After 90d, 12h or 4w, or on 2027-01-01. Never where absent.' },
    owner: { value: 'EMAIL', help: 'Whose key it is. Yours where absent.' },
  },
  examples: [
    'portolan keys create --name "Price report" --scopes read --expires 90d',
    'portolan keys create --name Shop --scopes products:read,products.cost:read --owner shop@example.com',
  ],
  async run(given, terminal) {
    const wanted = readWanted(given);
    const { key, id, owner, scopes, expiresAt } = await atKeyDesk(terminal, desk => desk.create(wanted));
    terminal.print(key);
    terminal.say(`Key ${id} of ${owner} may: ${scopes.join(', ')}. It expires ${expiresAt ?? 'never'}.`);
    terminal.say('Keep it now: it is not shown again.');
  },
};

function readWanted(given: Given): WantedKey {
  const expires = given.value('expires');
  return {
    name: given.value('name')!,
    scopes: given
      .value('scopes')!
      .split(/[\s,]+/)
      .filter(Boolean),
    expiresAt: expires === undefined ? undefined : readExpiry(expires),
    owner: given.value('owner'),
  };
}

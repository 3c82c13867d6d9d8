import { connectServer } from '../backend/server.ts';
import type { Command } from '../terminal/command.ts';

export const oauthRotateKeys: Command = {
  name: 'oauth rotate-keys',
  summary:
    'Create new signing keys for access tokens. All instances use them within seconds; existing tokens stay valid.',
  examples: ['portolan oauth rotate-keys'],
  async run(_, terminal) {
    const server = connectServer(terminal.env);
    const { keys } = (await server.send('POST', '/api/oauth/signing-keys')) as { keys: string[] };
    for (const key of keys) terminal.print(key);
    terminal.say('New tokens are signed with these keys.');
  },
};

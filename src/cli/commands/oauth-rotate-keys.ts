import type { Command } from '../terminal/command.ts';
import { connectServer } from '../work/server.ts';

export const oauthRotateKeys: Command = {
  name: 'oauth rotate-keys',
  summary:
    'Make new keys for signing access tokens. All instances take them within seconds; tokens stay good that older keys signed.',
  examples: ['portolan oauth rotate-keys'],
  async run(_, terminal) {
    const server = connectServer(terminal.env);
    const { keys } = (await server.send('POST', '/api/oauth/signing-keys')) as { keys: string[] };
    for (const key of keys) terminal.print(key);
    terminal.say('These keys sign from now on.');
  },
};

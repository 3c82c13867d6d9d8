// portolan oauth …

import { Command } from '@commander-js/extra-typings';
import { connectServer } from '../backend/server.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { printJson } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const oauthCommand = (terminal: Terminal) =>
  new Command('oauth').description('Manage the OAuth authorization server.').addCommand(rotateKeys(terminal));

const rotateKeys = (terminal: Terminal) =>
  newCommand('rotate-keys', {
    summary:
      'Create new signing keys for access tokens. All instances use them within seconds; existing tokens stay valid.',
    examples: ['portolan oauth rotate-keys'],
  })
    .option('--json', jsonHelp)
    .action(async ({ json }) => {
      const server = connectServer(terminal.env);
      const { keys } = (await server.send('POST', '/api/oauth/signing-keys')) as { keys: string[] };
      if (json) printJson(terminal, { keys });
      else for (const key of keys) terminal.print(key);
      terminal.say('New tokens are signed with these keys.');
    });

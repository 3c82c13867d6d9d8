import { makeApiKey } from '../../auth/keys/api-key.ts';
import type { Command } from '../terminal/command.ts';

export const keysGenerate: Command = {
  name: 'keys generate',
  summary: 'Print a well-formed key for ADMIN_API_KEY. Nothing is stored.',
  examples: ['ADMIN_API_KEY=$(portolan keys generate) portolan start'],
  async run(_, terminal) {
    terminal.print(makeApiKey().key);
  },
};

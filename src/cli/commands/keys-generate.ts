import { makeApiKey } from '../../auth/keys/api-key.ts';
import { newCommand } from '../terminal/new-command.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const keysGenerate = (terminal: Terminal) =>
  newCommand('generate', {
    summary: 'Print a well-formed key for ADMIN_API_KEY. Nothing is stored.',
    examples: ['ADMIN_API_KEY=$(portolan keys generate) portolan start'],
  }).action(() => terminal.print(makeApiKey().key));

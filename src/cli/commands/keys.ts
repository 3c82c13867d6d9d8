import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal/terminal.ts';
import { keysCreate } from './keys-create.ts';
import { keysGenerate } from './keys-generate.ts';
import { keysList } from './keys-list.ts';
import { keysRevoke } from './keys-revoke.ts';
import { keysRotate } from './keys-rotate.ts';

export const keysCommand = (terminal: Terminal) =>
  new Command('keys')
    .description('Manage API keys.')
    .addCommand(keysCreate(terminal))
    .addCommand(keysList(terminal))
    .addCommand(keysRotate(terminal))
    .addCommand(keysRevoke(terminal))
    .addCommand(keysGenerate(terminal));

import { withKeyBackend } from '../backend/key-backend.ts';
import { newCommand } from '../terminal/new-command.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const keysRevoke = (terminal: Terminal) =>
  newCommand('revoke', {
    summary: 'Revoke an API key. It stops working everywhere within a second.',
    examples: ['portolan keys revoke 4fPz0aQk2LxB'],
  })
    .argument('<ID>', 'The ID of the key, from "portolan keys list".')
    .action(async id => {
      await withKeyBackend(terminal, backend => backend.revoke(id));
      terminal.say(`Key ${id} is revoked.`);
    });

import { withKeyBackend } from '../backend/key-backend.ts';
import type { Command } from '../terminal/command.ts';

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'Revoke an API key. It stops working everywhere within a second.',
  operands: ['ID'],
  examples: ['portolan keys revoke 4fPz0aQk2LxB'],
  async run({ operands: [id] }, terminal) {
    await withKeyBackend(terminal, backend => backend.revoke(id!));
    terminal.say(`Key ${id} is revoked.`);
  },
};

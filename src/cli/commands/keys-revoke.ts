import type { Command } from '../terminal/command.ts';
import { atKeyDesk } from '../work/key-desk.ts';

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'Revoke an API key: it is dead everywhere within a second.',
  operands: ['ID'],
  examples: ['portolan keys revoke 4fPz0aQk2LxB'],
  async run({ operands: [id] }, terminal) {
    await atKeyDesk(terminal, desk => desk.revoke(id!));
    terminal.say(`Key ${id} is revoked.`);
  },
};

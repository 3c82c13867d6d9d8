import { withKeyBackend } from '../backend/key-backend.ts';
import { type Command, UsageFault } from '../terminal/command.ts';
import { expiryOf, readExpiry, readSpanMs } from '../terminal/expiry.ts';

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Create a key that replaces another, and print it once.',
  description: `Standard output holds only the new key. It has the scopes of the old key, and by default the same lifetime. The old
key expires at the end of the overlap.`,
  operands: ['ID'],
  options: {
    overlap: { value: 'SPAN', help: 'How long the old key stays valid: 7d, 12h, or 0.', required: true },
    expires: { value: 'WHEN', help: 'When the new key expires: 90d, 12h, 4w, 2027-01-01, or never.' },
  },
  examples: [
    'portolan keys rotate 4fPz0aQk2LxB --overlap 7d',
    'portolan keys rotate 4fPz0aQk2LxB --overlap 0',
  ],
  async run({ operands: [id = ''], value }, terminal) {
    const overlap = value('overlap')!;
    const overlapMs = overlap === '0' ? 0 : readSpanMs(overlap);
    if (overlapMs === undefined)
      throw new UsageFault(
        `"${overlap}" is not a valid value of --overlap.`,
        'Use 7d, 12h, or 0 to revoke it at once.',
      );
    const created = await withKeyBackend(terminal, backend =>
      backend.rotate(id, { overlapSeconds: overlapMs / 1_000, expiresAt: readNewExpiry(value('expires')) }),
    );
    terminal.print(created.key);
    terminal.say(`Key ${created.id} replaces ${id}. ${expiryOf(created.expiresAt)}`);
    terminal.say(overlapMs === 0 ? `Key ${id} is revoked.` : `Key ${id} stays valid for at most ${overlap}.`);
    terminal.say('Copy the new key now. It will not be shown again.');
  },
};

const readNewExpiry = (text: string | undefined): Date | null | undefined =>
  text === undefined ? undefined : text === 'never' ? null : readExpiry(text);

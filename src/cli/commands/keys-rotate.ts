import { type Command, UsageFault } from '../terminal/command.ts';
import { readExpiry, readSpanMs } from '../terminal/expiry.ts';
import { atKeyDesk } from '../work/key-desk.ts';

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Make a key that takes the place of another, and print it, once.',
  description: `Standard output holds the new key and nothing else. It may do what the old one may, and lives as long as that one was
made for. The old one ends when the overlap is over.`,
  operands: ['ID'],
  options: {
    overlap: { value: 'SPAN', help: 'How long the old key still works: 7d, 12h, or 0.', required: true },
    expires: { value: 'WHEN', help: 'When the new one ends: 90d, 12h, 4w, 2027-01-01, or never.' },
  },
  examples: [
    'portolan keys rotate 4fPz0aQk2LxB --overlap 7d',
    'portolan keys rotate 4fPz0aQk2LxB --overlap 0',
  ],
  async run({ operands: [id = ''], value }, terminal) {
    const overlap = value('overlap')!;
    const overlapMs = overlap === '0' ? 0 : readSpanMs(overlap);
    if (overlapMs === undefined)
      throw new UsageFault(`--overlap does not understand "${overlap}".`, 'Say 7d, 12h, or 0 for at once.');
    const made = await atKeyDesk(terminal, desk =>
      desk.rotate(id, { overlapSeconds: overlapMs / 1_000, expiresAt: readEnd(value('expires')) }),
    );
    terminal.print(made.key);
    terminal.say(`Key ${made.id} takes the place of ${id}. It expires ${made.expiresAt ?? 'never'}.`);
    terminal.say(overlapMs === 0 ? `${id} is dead.` : `${id} works for another ${overlap}, at the most.`);
    terminal.say('Keep the new key now: it is not shown again.');
  },
};

const readEnd = (text: string | undefined): Date | null | undefined =>
  text === undefined ? undefined : text === 'never' ? null : readExpiry(text);

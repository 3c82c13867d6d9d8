import { withKeyBackend } from '../backend/key-backend.ts';
import { expiryOf, readExpiry, readSpanMs } from '../terminal/expiry.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { printJson } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageFault } from '../terminal/usage-fault.ts';

export const keysRotate = (terminal: Terminal) =>
  newCommand('rotate', {
    summary: 'Create a key that replaces another, and print it once.',
    description:
      'Standard output holds only the new key. It has the scopes of the old key, and by default the same lifetime. The old key expires at the end of the overlap.',
    examples: [
      'portolan keys rotate 4fPz0aQk2LxB --overlap 7d',
      'portolan keys rotate 4fPz0aQk2LxB --overlap 0',
    ],
  })
    .argument('<ID>', 'The ID of the old key, from "portolan keys list".')
    .requiredOption('--overlap <SPAN>', 'How long the old key stays valid: 7d, 12h, or 0.')
    .option('--expires <WHEN>', 'When the new key expires: 90d, 12h, 4w, 2027-01-01, or never.')
    .option('--json', jsonHelp)
    .action(async (id, { overlap, expires, json }) => {
      const overlapMs = readOverlapMs(overlap);
      const rotation = { overlapSeconds: overlapMs / 1_000, expiresAt: readNewExpiry(expires) };
      const created = await withKeyBackend(terminal, backend => backend.rotate(id, rotation));
      if (json) printJson(terminal, created);
      else terminal.print(created.key);
      terminal.say(`Key ${created.id} replaces ${id}. ${expiryOf(created.expiresAt)}`);
      terminal.say(
        overlapMs === 0 ? `Key ${id} is revoked.` : `Key ${id} stays valid for at most ${overlap}.`,
      );
      terminal.say('Copy the new key now. It will not be shown again.');
    });

function readOverlapMs(text: string): number {
  const overlapMs = text === '0' ? 0 : readSpanMs(text);
  if (overlapMs !== undefined) return overlapMs;
  throw new UsageFault(
    `"${text}" is not a valid value of --overlap.`,
    'Use 7d, 12h, or 0 to revoke it at once.',
  );
}

const readNewExpiry = (text: string | undefined): Date | null | undefined =>
  text === undefined ? undefined : text === 'never' ? null : readExpiry(text);

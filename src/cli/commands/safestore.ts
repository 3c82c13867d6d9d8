// portolan safestore …

import type { Command } from '../terminal/command.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { atDesk, type Desk, type DeskPlaces } from '../work/desk.ts';

interface ShownStatus {
  readonly newestPepper: number;
  readonly unusedPeppers: readonly number[];
  readonly remaining: number;
  readonly passwords: readonly { pepper: number; count: number }[];
  readonly sealed: readonly { table: string; pepper: number; count: number; stale: number }[];
}

interface ShownRun {
  readonly moved: number;
  readonly broken: number;
  readonly userKeysMade: number;
  readonly userKeysDropped: number;
  readonly next: string | null;
}

interface SealDesk extends Desk {
  status(): Promise<ShownStatus>;
  run(options: { userKeys?: boolean; from?: string }): Promise<ShownRun>;
}

const status: Command = {
  name: 'safestore status',
  summary: 'Say which peppers seal what, and which may be dropped.',
  examples: ['portolan safestore status'],
  run: (_, terminal) => atDesk(places, terminal, async desk => report(await desk.status(), terminal)),
};

const rotate: Command = {
  name: 'safestore rotate',
  summary: 'Seal everything anew with the newest pepper, while the server serves.',
  description: `Put the new pepper before the old one (SAFESTORE_PEPPERS=2:…,1:…), restart all instances, then run this. It may be stopped and
run again at any time.`,
  options: { 'user-keys': { help: 'Give every owner a new key first.' } },
  examples: ['portolan safestore rotate', 'portolan safestore rotate --user-keys'],
  run: (given, terminal) =>
    atDesk(places, terminal, desk => rotateAll(desk, given.has('user-keys'), terminal)),
};

export const safestoreCommands: readonly Command[] = [rotate, status];

async function rotateAll(desk: SealDesk, userKeys: boolean, terminal: Terminal): Promise<void> {
  let [moved, broken] = [0, 0];
  let from: string | undefined;
  do {
    const done = await desk.run({ userKeys: userKeys && from === undefined, from });
    moved += done.moved;
    broken += done.broken;
    from = done.next ?? undefined;
    if (done.userKeysMade > 0) terminal.say(`${done.userKeysMade} owners have a new key.`);
    if (from !== undefined) terminal.say(`${moved} moved so far.`);
    if (done.userKeysDropped > 0)
      terminal.say(`${done.userKeysDropped} older keys sealed nothing and are gone.`);
  } while (from !== undefined);
  terminal.print(`${moved} sealed anew.`);
  if (broken > 0) terminal.say(`${broken} could not be opened: the log of the server says which.`);
  report(await desk.status(), terminal);
}

function report(
  { newestPepper, unusedPeppers, remaining, sealed, passwords }: ShownStatus,
  terminal: Terminal,
): void {
  const rows = sealed.map(one => [one.table, String(one.pepper), String(one.count), String(one.stale)]);
  for (const line of table(['TABLE', 'PEPPER', 'SEALED', 'TO MOVE'], rows)) terminal.print(line);
  terminal.say(`Pepper ${newestPepper} seals now.`);
  if (remaining > 0)
    terminal.say(
      `${remaining} are still to be moved: run "portolan safestore rotate". Other instances seal with older keys for up to a minute.`,
    );
  for (const { pepper, count } of passwords)
    if (pepper !== newestPepper)
      terminal.say(
        `${count} passwords were hashed with pepper ${pepper}. They move when their people sign in; once it is dropped, the others need new ones by link.`,
      );
  for (const version of unusedPeppers)
    terminal.say(
      `Pepper ${version} seals nothing any more: drop it from SAFESTORE_PEPPERS once every instance runs with pepper ${newestPepper}.`,
    );
}

/** A running server, or, while none runs, the database itself. */
const places: DeskPlaces<SealDesk> = {
  served: server => ({
    status: async () => (await server.send('GET', '/api/safestore')) as ShownStatus,
    run: async options => (await server.send('POST', '/api/safestore/rotate', options)) as ShownRun,
    close: async () => {},
  }),
  async stored(env) {
    const { openStored } = await import('../work/open-stored.ts');
    const { auth, close } = await openStored(env);
    return { status: auth.sealRotation.status, run: auth.sealRotation.run, close };
  },
};

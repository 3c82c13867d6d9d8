// portolan safestore …

import { Command } from '@commander-js/extra-typings';
import { type Backend, type BackendPlaces, withBackend } from '../backend/backend.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { printJson } from '../terminal/print.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

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

interface SafestoreBackend extends Backend {
  status(): Promise<ShownStatus>;
  run(options: { userKeys?: boolean; from?: string }): Promise<ShownRun>;
}

export const safestoreCommand = (terminal: Terminal) =>
  new Command('safestore')
    .description('Inspect and rotate the encryption of secrets.')
    .addCommand(rotate(terminal))
    .addCommand(status(terminal));

const status = (terminal: Terminal) =>
  newCommand('status', {
    summary: 'Show which peppers are in use, and which can be removed.',
    examples: ['portolan safestore status', 'portolan safestore status --json'],
  })
    .option('--json', jsonHelp)
    .action(({ json }) =>
      withBackend(places, terminal, async backend => {
        const found = await backend.status();
        if (json) printJson(terminal, found);
        else report(found, terminal);
      }),
    );

const rotate = (terminal: Terminal) =>
  newCommand('rotate', {
    summary: 'Re-encrypt all secrets with the newest pepper. The server keeps running.',
    description:
      'Put the new pepper before the old one (SAFESTORE_PEPPERS=2:…,1:…), restart all instances, then run this command. You can stop it and run it again at any time.',
    examples: ['portolan safestore rotate', 'portolan safestore rotate --user-keys'],
  })
    .option('--user-keys', 'Create a new key for every owner first.')
    .option('--json', jsonHelp)
    .action(({ userKeys = false, json }) =>
      withBackend(places, terminal, async backend => {
        const { moved, broken } = await rotateAll(backend, userKeys, terminal);
        const found = await backend.status();
        if (json) return printJson(terminal, { moved, broken, status: found });
        terminal.print(`${moved} re-encrypted.`);
        report(found, terminal);
      }),
    );

async function rotateAll(backend: SafestoreBackend, userKeys: boolean, terminal: Terminal) {
  let moved = 0;
  let broken = 0;
  let from: string | undefined;
  do {
    const done = await backend.run({ userKeys: userKeys && from === undefined, from });
    moved += done.moved;
    broken += done.broken;
    from = done.next ?? undefined;
    if (done.userKeysMade > 0) terminal.say(`${done.userKeysMade} owners have a new key.`);
    if (from !== undefined) terminal.say(`${moved} re-encrypted so far.`);
    if (done.userKeysDropped > 0) terminal.say(`${done.userKeysDropped} unused older keys were deleted.`);
  } while (from !== undefined);
  if (broken > 0) terminal.say(`${broken} could not be decrypted. See the server log.`);
  return { moved, broken };
}

function report(
  { newestPepper, unusedPeppers, remaining, sealed, passwords }: ShownStatus,
  terminal: Terminal,
): void {
  const rows = sealed.map(one => [one.table, String(one.pepper), String(one.count), String(one.stale)]);
  for (const line of table(['TABLE', 'PEPPER', 'SEALED', 'TO MOVE'], rows)) terminal.print(line);
  terminal.say(`Pepper ${newestPepper} is in use.`);
  if (remaining > 0)
    terminal.say(
      `${remaining} still have to be re-encrypted: run "portolan safestore rotate". Other instances use older keys for up to a minute.`,
    );
  for (const { pepper, count } of passwords)
    if (pepper !== newestPepper)
      terminal.say(
        `${count} passwords were hashed with pepper ${pepper}. They are rehashed when their users sign in. After the pepper is removed, the remaining users have to reset their passwords.`,
      );
  for (const version of unusedPeppers)
    terminal.say(
      `Pepper ${version} is no longer used: remove it from SAFESTORE_PEPPERS once every instance runs with pepper ${newestPepper}.`,
    );
}

/** A running server, or the database itself. */
const places: BackendPlaces<SafestoreBackend> = {
  served: server => ({
    status: async () => (await server.send('GET', '/api/safestore')) as ShownStatus,
    run: async options => (await server.send('POST', '/api/safestore/rotate', options)) as ShownRun,
    close: async () => {},
  }),
  async stored(env) {
    const { openStored } = await import('../backend/open-stored.ts');
    const { auth, close } = await openStored(env);
    return {
      status: () => auth.sealRotation.status(),
      run: options => auth.sealRotation.run(options),
      close,
    };
  },
};

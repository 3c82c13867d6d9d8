// portolan import …

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fault } from '../../base/errors.ts';
import { connectServer, type Server } from '../backend/server.ts';
import { type Answer, uploadFile } from '../backend/upload.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { showProgress } from '../terminal/progress.ts';
import { Reported } from '../terminal/reported.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageFault } from '../terminal/usage-fault.ts';
import { isComplete, reportImport } from './import-report.ts';
import { watchFolder } from './import-watch.ts';

export const importCommand = (terminal: Terminal) =>
  newCommand('import', {
    summary: 'Import a file, or every new file of a folder, through a running server.',
    description:
      'Errors are printed as a table with row, column, value and message, and the exit code is 1 if a row failed. With --watch, each file is imported once it has stopped growing, and moved to done/ or failed/; a file in failed/ has the errors beside it.',
    examples: [
      'portolan import products.csv --entity products',
      'portolan import prices.csv.gz --entity products --mode update --on-error skip --json',
      'zcat stock.csv.gz | portolan import - --entity stockLevels',
      'portolan import --watch /srv/inbox --entity products',
    ],
  })
    .argument('[FILE]', 'The file; - reads standard input.')
    .requiredOption('--entity <SET>', 'The entity set to import into, such as products.')
    .option(
      '--mapper <NAME>',
      'The mapper that translates the columns. Default: columns are matched by name.',
    )
    .option('--mode <MODE>', 'upsert, insert or update. Default: upsert.')
    .option(
      '--on-error <ACTION>',
      'What a bad row does: refuse the whole file, or skip the row. Default: refuse.',
    )
    .option('--watch <DIR>', 'Import every file in this folder, until the command is stopped.')
    .option('--json', jsonHelp)
    .action(async (file, options) => {
      if ((file === undefined) === (options.watch === undefined))
        throw new UsageFault(
          'import takes a file or --watch.',
          'Such as: portolan import products.csv --entity products',
        );
      const run: ImportRun = { terminal, server: connectServer(terminal.env), fields: toFields(options) };
      if (options.watch !== undefined)
        return watchFolder(terminal, {
          folder: options.watch,
          json: options.json,
          send: path => importFile(run, path),
        });
      const answer = await importFile(run, file!);
      reportImport(terminal, file!, answer, options.json);
      if (!isComplete(answer)) throw new Reported();
    });

interface ImportRun {
  readonly terminal: Terminal;
  readonly server: Server;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

interface FieldOptions {
  readonly entity: string;
  readonly mapper?: string;
  readonly mode?: string;
  readonly onError?: string;
}

/** The server checks the values, and knows which ones there are. */
const toFields = ({ entity, mapper, mode, onError }: FieldOptions): ImportRun['fields'] => ({
  entity,
  mapperId: mapper,
  mode,
  onError,
});

/** @param path of a file, or - @returns the response, whatever its status @throws UNAVAILABLE, NOT_FOUND */
async function importFile({ terminal, server, fields }: ImportRun, path: string): Promise<Answer> {
  const { content, size } = path === '-' ? { content: process.stdin, size: undefined } : await openFile(path);
  const name = path === '-' ? 'standard input' : basename(path);
  try {
    const onSent = showProgress(terminal, name, size);
    return await uploadFile(server, { fields, name, content, size, onSent });
  } finally {
    terminal.status?.('');
  }
}

async function openFile(path: string): Promise<{ content: AsyncIterable<Uint8Array>; size: number }> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw fault('NOT_FOUND', `There is no file ${path}.`);
  if (!found.isFile())
    throw fault('INVALID_VALUE', `${path} is not a file.`, { hint: 'Import a folder with --watch.' });
  return { content: createReadStream(path), size: found.size };
}

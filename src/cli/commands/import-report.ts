// What the import API answers, and how the command shows it.

import type { Answer } from '../backend/upload.ts';
import { printJson } from '../terminal/print.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface RowError {
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
}

/** The body of a response, of a success and of an error. */
export interface ImportResponse {
  readonly inserted?: number;
  readonly updated?: number;
  readonly imported?: number;
  readonly failed?: number;
  readonly errors?: readonly RowError[];
  readonly errorsTruncated?: boolean;
  readonly error?: { readonly message: string; readonly hint?: string; readonly target?: string };
}

/** @returns whether all rows were imported */
export const isComplete = ({ status, body }: Answer): boolean =>
  status < 300 && ((body as ImportResponse).failed ?? 0) === 0;

/** Prints the errors as a table, or the whole response as JSON, and the summary to standard error. */
export function reportImport(terminal: Terminal, name: string, { body }: Answer, json?: true): void {
  const response = body as ImportResponse;
  if (json) printJson(terminal, response);
  else printErrors(terminal, response);
  if (response.error) {
    terminal.say(`${name}: ${response.error.message}`);
    if (response.error.hint) terminal.say(response.error.hint);
  } else terminal.say(`${name}: ${summary(response)}`);
}

function printErrors(terminal: Terminal, { errors = [], errorsTruncated }: ImportResponse): void {
  if (errors.length === 0) return;
  const rows = errors.map(({ row, column, value, message }) => [
    String(row),
    column ?? '-',
    value ?? '-',
    message,
  ]);
  for (const line of table(['ROW', 'COLUMN', 'VALUE', 'MESSAGE'], rows)) terminal.print(line);
  if (errorsTruncated) terminal.say('More errors are not listed.');
}

function summary({ imported = 0, inserted = 0, updated = 0, failed = 0 }: ImportResponse): string {
  const counts = `${imported} rows imported (${inserted} inserted, ${updated} updated)`;
  return failed === 0 ? `${counts}.` : `${counts}, ${failed} rows failed.`;
}

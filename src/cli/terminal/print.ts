import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** How records look as a table. */
export interface Columns<T> {
  readonly head: readonly string[];
  readonly toCells: (record: T) => readonly string[];
}

/** Prints records as a table, or as JSON. */
export function printRecords<T>(
  terminal: Terminal,
  records: readonly T[],
  { head, toCells }: Columns<T>,
  { json }: { readonly json?: boolean },
): void {
  if (json) printJson(terminal, records);
  else for (const line of table(head, records.map(toCells))) terminal.print(line);
}

export const printJson = (terminal: Terminal, value: unknown): void =>
  terminal.print(JSON.stringify(value, undefined, 2));

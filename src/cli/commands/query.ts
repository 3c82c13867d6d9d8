// portolan query …

import { text as readAll } from 'node:stream/consumers';
import { parseVerbatimJson } from '../../base/exact-json.ts';
import { csvWriter } from '../../formats/csv.ts';
import { runQuery } from '../backend/query-backend.ts';
import type { QueryResult } from '../backend/shown-query.ts';
import { toGrid } from '../terminal/grid.ts';
import { newCommand } from '../terminal/new-command.ts';
import { printJson } from '../terminal/print.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageFault } from '../terminal/usage-fault.ts';

export const queryCommand = (terminal: Terminal) =>
  newCommand('query', {
    summary: 'Run a selection of the Query API and print the result.',
    description:
      'Related records become columns with dotted names, such as category.name. Without a server, the query runs on the database itself, with all permissions.',
    examples: [
      "portolan query 'products(take: 5, orderBy: [{price: desc}]) { sku, name, price, category { name } }'",
      "portolan query 'orders(where: {total: {gt: $least}}) { number, total }' --variables '{\"least\": 500}' --csv > orders.csv",
      'portolan query - --json < selection.txt',
    ],
  })
    .argument('<SELECTION>', 'The selection; - reads it from standard input.')
    .option('--variables <JSON>', 'Values of the variables in the selection, as a JSON object.')
    .option('--json', 'Print the response as JSON.')
    .option('--csv', 'Print CSV. The selection must have one root.')
    .action(async (selection, { variables, json, csv }) => {
      if (json && csv) throw new UsageFault('--json and --csv cannot be combined.');
      const query = selection === '-' ? await readAll(process.stdin) : selection;
      const result = await runQuery(terminal, { query, variables: readVariables(variables) });
      printResult(terminal, result, { json, csv });
    });

function readVariables(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageFault(`--variables is not valid JSON: ${(error as Error).message}.`);
  }
}

interface Format {
  readonly json?: true;
  readonly csv?: true;
}

function printResult(terminal: Terminal, { text, truncated }: QueryResult, { json, csv }: Format) {
  const data = parseVerbatimJson(text) as Readonly<Record<string, unknown>>;
  if (json) printJson(terminal, data);
  else if (csv) terminal.print(toCsv(data));
  else printRoots(terminal, data);
  if (truncated) terminal.say(`Lists were cut: ${truncated}. Use "take" and "skip" to read more.`);
}

function printRoots(terminal: Terminal, data: Readonly<Record<string, unknown>>): void {
  const roots = Object.entries(data);
  for (const [name, value] of roots) {
    if (roots.length > 1) terminal.print(`${name}:`);
    const { head, rows } = toGrid(value);
    if (rows.length === 0) terminal.say('No records.');
    else
      for (const line of table(
        head,
        rows.map(row => row.map(cell => cell ?? '')),
      ))
        terminal.print(line);
  }
}

function toCsv(data: Readonly<Record<string, unknown>>): string {
  const [root, ...others] = Object.values(data);
  if (others.length > 0)
    throw new UsageFault('--csv takes a selection with one root.', 'Use --json for several.');
  const { head, rows } = toGrid(root);
  const columns = head.map((name, cell) => ({ name, path: [name], cell, kind: 'String' as const }));
  const { header, lines } = csvWriter(columns, { delimiter: ',', guard: true });
  return (header + lines(rows)).slice(0, -'\r\n'.length);
}

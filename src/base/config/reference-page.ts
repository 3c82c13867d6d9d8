// The reference page of all variables: docs/reference/configuration.md, written by `npm run codegen`.

import * as v from 'valibot';
import type { Variable } from './variable.ts';

const head = `# Configuration

Portolan is configured by environment variables. They are read once, at the start. An empty variable counts as absent. If a value is invalid, the server does not start and names every variable at fault. The values of variables marked *secret* never appear in a message or in the log.

\`npm run codegen\` writes this page from \`src/base/config/variables.ts\`.
`;

/** @param groups the declared variables by section @returns Markdown */
export function referencePage(groups: Readonly<Record<string, Readonly<Record<string, Variable>>>>): string {
  const sections = Object.entries(groups).map(
    ([name, variables]) =>
      `\n## ${name}\n\n| variable | value | default | meaning |\n| --- | --- | --- | --- |\n${Object.entries(variables).map(toRow).join('')}`,
  );
  return head + sections.join('');
}

function toRow([name, variable]: readonly [string, Variable]): string {
  const value =
    (v.getDescription(variable.type) ?? '').replace(/^an? /, '') + (variable.secret ? ', *secret*' : '');
  const cells = [`\`${name}\``, value, defaultOf(variable), variable.meaning];
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

function defaultOf({ default: standard, otherwise }: Variable): string {
  if (otherwise !== undefined) return otherwise;
  if (standard === undefined || (Array.isArray(standard) && standard.length === 0)) return 'none';
  return `\`${standard}\``;
}

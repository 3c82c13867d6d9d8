// Reads the OASIS test cases where they lie beside the repository; they are not part of it.

import { existsSync, readFileSync } from 'node:fs';

export interface OasisCase {
  readonly name: string;
  /** The rule of the ABNF that the input belongs to. */
  readonly rule: string;
  readonly input: string;
  /** Of negative cases: where the grammar refuses the input. */
  readonly failAt?: number;
}

const folder = new URL('../../../shared/odata/', import.meta.url);

/** @returns the cases, or undefined where the file is absent */
export function oasisCases(name = 'odata-abnf-testcases.yaml'): OasisCase[] | undefined {
  const file = new URL(name, folder);
  if (!existsSync(file)) return undefined;
  const [, text = ''] = readFileSync(file, 'utf8').split(/^TestCases:$/m);
  return text
    .split(/^ {2}- /m)
    .slice(1)
    .map(toCase);
}

function toCase(text: string): OasisCase {
  const members = new Map<string, string>();
  for (const found of text.replace(/^/, '    ').matchAll(/^ {4}(\w+):((?:.*)(?:\n(?! {4}\w+:).*)*)/gm)) {
    members.set(found[1]!, scalar(found[2]!));
  }
  const failAt = members.get('FailAt');
  return {
    name: members.get('Name') ?? '',
    rule: members.get('Rule') ?? '',
    input: members.get('Input') ?? '',
    failAt: failAt === undefined ? undefined : Number(failAt),
  };
}

/** A YAML scalar: plain, in single or in double quotes; lines are folded. */
function scalar(source: string): string {
  const text = source
    .trim()
    .replace(/\\\n\s*/g, '')
    .replace(/\s*\n\s*/g, ' ');
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text.startsWith('"') ? JSON.parse(text.replaceAll('\\ ', ' ')) : text;
}

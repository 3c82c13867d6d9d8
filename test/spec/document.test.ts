import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ProgramName, programs, programText } from './programs.ts';

const folder = join(import.meta.dirname, '../../../shared/spec');
const file = existsSync(folder) ? readdirSync(folder).find(name => name.endsWith('.txt')) : undefined;

/** Indentation aside, which the document has lost. */
const linesOf = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map(line => line.trim());

const nextHeading =
  /^(TypeScript|PHP) (- |Plugin$)|^(Best Practices|Key Features|Benefits of Plugin Authorization)$/;

/** @returns the lines between this heading and the next one */
function section(heading: string): string[] {
  const lines = linesOf(readFileSync(join(folder, file!), 'utf8'));
  const start = lines.indexOf(heading) + 1;
  const end = lines.findIndex((line, at) => at > start && nextHeading.test(line));
  return lines.slice(start, end);
}

describe.skipIf(!file)(`the programs${file ? '' : ' (the document is not here: skipped)'}`, () => {
  test.each(Object.entries(programs))('%s is the program of the document under "%s"', (name, heading) => {
    expect(linesOf(programText(name as ProgramName))).toEqual(section(heading));
  });
});

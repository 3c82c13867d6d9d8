// Completion, answered by the command itself and through real shells.

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { portolan } from './run.ts';

const program = join(import.meta.dirname, '../../src/cli/portolan.ts');
const folder = mkdtempSync(join(tmpdir(), 'portolan-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'portolan'),
  `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${program}' "$@"\n`,
);
chmodSync(join(folder, 'portolan'), 0o755);
writeFileSync(join(folder, 'here.csv'), '');
const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, HOME: folder };

async function suggested(line: string): Promise<string[]> {
  const { code, out } = await portolan(`complete -- ${line}`);
  expect(code).toBe(0);
  return out.split('\n').map(row => row.split('\t')[0]!);
}

describe('suggestions', () => {
  test.each([
    ['ke', ['keys']],
    ['keys ""', ['create', 'list', 'rotate', 'revoke', 'generate']],
    ['keys re', ['revoke']],
    ['keys list --o', ['--owner']],
    ['keys list --owner x --js', ['--json']],
    ['--url http://localhost:1 keys l', ['list']],
    ['keys list --u', ['--url']],
    ['completion z', ['zsh']],
    ['keys list --owner ""', ['']],
    ['keys revoke ""', ['']],
    ['nonsense ke', ['keys']],
  ])('%s', async (line, words) => expect(await suggested(line)).toEqual(words));

  test('have descriptions, and none of them is hidden', async () => {
    expect((await portolan('complete -- keys cr')).out).toBe('create\tCreate an API key and print it once.');
    expect(await suggested('co')).toEqual(['completion']);
  });
});

test.each(['bash', 'zsh', 'fish'])('%s accepts its script', async shell => {
  const { code, out } = await portolan(`completion ${shell}`);
  expect([code, out]).toEqual([0, expect.stringContaining('portolan complete -- ')]);
  if (!installed(shell)) return;
  const file = join(folder, shell);
  writeFileSync(file, out);
  expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test.skipIf(!installed('bash'))('bash completes commands, values and file names', async () => {
  const complete = (words: readonly string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `source <(portolan completion bash); COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _portolan; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p portolan`,
      ],
      { env, encoding: 'utf8' },
    )
      .trim()
      .split('\n');
  expect(complete(['portolan', 'keys', 'r'])).toEqual([
    'rotate',
    'revoke',
    'complete -o default -F _portolan portolan',
  ]);
  expect(complete(['portolan', 'completion', ''])).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
});

test.skipIf(!installed('fish'))('fish completes commands and file names (skipped where fish is not)', () => {
  const complete = (line: string) =>
    execFileSync('fish', ['-c', `portolan completion fish | source; complete -C '${line}'`], {
      env,
      cwd: folder,
      encoding: 'utf8',
    });
  expect(complete('portolan keys cr')).toBe('create\tCreate an API key and print it once.\n');
  expect(complete('portolan keys revoke he')).toContain('here.csv');
  expect(complete('portolan keys ')).not.toContain('here.csv');
});

function installed(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

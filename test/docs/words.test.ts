import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Phrases that make a reader stop, with a plainer one. */
const discouraged: Readonly<Record<string, string>> = {
  whoever: 'anyone who; the caller; the user',
  'save for': 'except for',
  'leads nowhere': 'does not exist',
  reckoned: 'estimated',
  'no longer good': 'expired; revoked',
  'at the most': 'at most',
  'the waist': 'the query engine',
  'of those that': 'of the …',
  'holds its place': 'stays valid',
  'audit trail': 'audit log',
  "can't": 'cannot',
  mend: 'fix',
  'who asks': 'the caller',
  '(is|are) told': 'gets; sees; is reported',
  'hands? out': 'grant',
  'foreign page': 'cross-site request',
  somebody: 'a user',
  anybody: 'anyone',
};

const texts = globSync(
  ['*.md', 'docs/**/*.md', 'src/**/*.{ts,md,prisma}', 'schema/*.ts', 'prisma/**/*.{ts,prisma}'],
  {
    cwd: root,
  },
).filter(path => !path.includes('generated'));

/** @returns the lines with one of the phrases, where `isRead` */
const linesWith = (paths: readonly string[], isRead: (line: string) => boolean = () => true): string[] =>
  paths.flatMap(path =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        Object.entries(discouraged)
          .filter(([phrase]) => isRead(line) && new RegExp(`\\b(?:${phrase})\\b`, 'i').test(line))
          .map(([phrase, better]) => `${path}:${index + 1} says "${phrase}": better "${better}"`),
      ),
  );

test('text, messages and comments use plain words', () => {
  expect(linesWith(texts)).toEqual([]);
});

test('names of tests use plain words', () => {
  const tests = globSync('test/**/*.test.ts', { cwd: root }).filter(path => !path.includes('words.test'));
  expect(linesWith(tests, line => /^\s*(?:test|describe)\b.*['"`]/.test(line))).toEqual([]);
});

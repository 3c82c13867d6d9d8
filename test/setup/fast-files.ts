import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** What makes a test slow: a database, a process of its own, a browser. */
const slow =
  /'(?:node:child_process|node:worker_threads|playwright-core|@electric-sql\/pglite)'|test-database\.ts'|author-migration\.ts'|inject\('templates'\)/;
const imported = /(?:from|import\()\s*'(\.{1,2}\/[^']+\.ts)'/g;

/** @returns the test files that reach nothing slow through what they import from test/ */
export function fastFiles(): string[] {
  const known = new Map<string, boolean>();
  return globSync('test/**/*.test.ts').filter(path => !isSlow(path, known));
}

function isSlow(path: string, known: Map<string, boolean>): boolean {
  const found = known.get(path);
  if (found !== undefined) return found;
  known.set(path, false);
  const text = readFileSync(path, 'utf8');
  const result =
    slow.test(text) ||
    [...text.matchAll(imported)]
      .map(match => normalize(join(dirname(path), match[1]!)))
      .some(target => target.startsWith('test/') && isSlow(target, known));
  known.set(path, result);
  return result;
}

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const database = /test-database\.ts'|inject\('templates'\)|TEST_DATABASE_URL/;
const browser = /'playwright-core'/;
/** What makes a test slow: a database, a process of its own, a browser. */
const slow = new RegExp(
  [
    database.source,
    browser.source,
    /'(?:node:child_process|node:worker_threads|@electric-sql\/pglite)'|author-migration\.ts'/.source,
  ].join('|'),
);
const imported = /(?:from|import\()\s*'(\.{1,2}\/[^']+\.ts)'/g;

/** @returns the test files that need no database, no other process and no browser */
export const fastFiles = (): string[] => allFiles().filter(path => !reaches(slow, path));

/**
 * @returns the test files that use the database which the run is about. The others do the same on every database, as do those
 * of a browser, which are about pages
 */
export const databaseFiles = (): string[] =>
  allFiles().filter(path => reaches(database, path) && !reaches(browser, path));

const allFiles = (): string[] => globSync('test/**/*.test.ts');

/** @returns whether the text of the file, or of a file in test/ that it imports, matches */
function reaches(pattern: RegExp, path: string, seen = new Set<string>()): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  return (
    pattern.test(text) ||
    [...text.matchAll(imported)]
      .map(match => normalize(join(dirname(path), match[1]!)))
      .some(target => target.startsWith('test/') && reaches(pattern, target, seen))
  );
}

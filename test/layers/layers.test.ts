import { describe, expect, test } from 'vitest';
import { importTable, layerOf, type SourceFile, sourceFiles } from './source-files.ts';

const files = sourceFiles();

describe('the house', () => {
  test('imports follow the table of src/README.md', () => {
    const table = importTable();
    const broken = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ path: target }) => !allowed(table, layerOf(path), layerOf(target)))
        .map(({ path: target }) => `${path} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('every layer stands in the table', () => {
    const table = importTable();
    expect([...new Set(files.map(file => layerOf(file.path)))].filter(layer => !table.has(layer))).toEqual(
      [],
    );
  });

  test('files import one another in no circle', () => {
    expect(cycles(files)).toEqual([]);
  });

  test('nothing but the configuration reads the environment', () => {
    const readers = files.filter(
      ({ path, text }) => text.includes('process.env') && !mayReadEnvironment.has(path),
    );
    expect(readers.map(file => file.path)).toEqual([]);
  });

  test('no folder is a drawer for everything', () => {
    expect(files.filter(file => /\/(utils|helpers|shared|common)\//.test(file.path))).toEqual([]);
  });
});

/** Entries of the process, which hand the environment to the configuration, and Prisma's own configuration. */
const mayReadEnvironment = new Set([
  'src/main.ts',
  'src/base/config/config.ts',
  'src/cli/portolan.ts',
  'src/cli/generate.ts',
  'prisma/author-migration.ts',
]);

const allowed = (table: Map<string, Set<string>>, from: string, to: string): boolean =>
  from === to || (table.get(from)?.has(to) ?? false);

/** Imports of types vanish before the program runs, so only the others can make a circle. */
function cycles(sources: readonly SourceFile[]): string[] {
  const edges = new Map(
    sources.map(file => [file.path, file.imports.filter(other => !other.typeOnly).map(other => other.path)]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

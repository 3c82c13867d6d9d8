import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importTable, layerOf, sourceFiles } from './source-files.ts';

const files = sourceFiles();

describe('the source tree', () => {
  test('imports follow the table of src/README.md', () => {
    const table = importTable();
    const broken = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ path: target }) => !allowed(table, layerOf(path), layerOf(target)))
        .map(({ path: target }) => `${path} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('imports reach the query engine through its public face', () => {
    const broken = files
      .filter(({ path }) => layerOf(path) === 'imports')
      .flatMap(({ path, imports }) => imports.map(target => ({ path, target: target.path })))
      .filter(({ target }) => layerOf(target) === 'query' && !engineFace.test(target))
      .map(({ path, target }) => `${path} imports ${target}`);
    expect(broken).toEqual([]);
  });

  test('every layer stands in the table', () => {
    const table = importTable();
    expect([...new Set(files.map(file => layerOf(file.path)))].filter(layer => !table.has(layer))).toEqual(
      [],
    );
  });

  test('no files import one another in a ring, types included', () => {
    expect(rings(importsOfFiles)).toEqual([]);
  });

  test('no folders import one another in a ring', () => {
    expect(rings(importsOfFolders())).toEqual([]);
  });

  test('no folder holds more than 25 files', () => {
    const counts = Map.groupBy(files, ({ path }) => dirname(path));
    expect(
      [...counts].filter(([, { length }]) => length > filesOfFolderMax).map(([folder]) => folder),
    ).toEqual([]);
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

/** The engine itself, the plain data that it takes and gives, and what one caller may see of the catalog. */
const engineFace = /^src\/query\/(?:engine\.ts|ask\/|permitted\/)/;

/** Entries of the process, which hand the environment to the configuration, and Prisma's own configuration. */
const mayReadEnvironment = new Set([
  'src/main.ts',
  'src/base/config/config.ts',
  'src/cli/portolan.ts',
  'src/cli/generate.ts',
  '../../src/cli/author-migration.ts',
]);

const allowed = (table: Map<string, Set<string>>, from: string, to: string): boolean =>
  from === to || (table.get(from)?.has(to) ?? false);

const filesOfFolderMax = 25;

type Imports = ReadonlyMap<string, ReadonlySet<string>>;

const importsOfFiles: Imports = new Map(
  files.map(({ path, imports }) => [path, new Set(imports.map(target => target.path))]),
);

/** A folder's files apart from those of the folders in it. */
function importsOfFolders(): Imports {
  const folders = new Map<string, Set<string>>();
  for (const [path, targets] of importsOfFiles) {
    const folder = dirname(path);
    const known = folders.get(folder) ?? new Set();
    for (const target of targets) if (dirname(target) !== folder) known.add(dirname(target));
    folders.set(folder, known);
  }
  return folders;
}

function rings(imports: Imports): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

// The project's own TypeScript files and what each imports, for the tests about the house.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** Path from the root: `src/query/plan.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Import {
  readonly path: string;
}

/** @returns every file of src/, schema/ and prisma/ that somebody wrote */
export const sourceFiles = (): SourceFile[] =>
  globSync(['src/**/*.ts', 'schema/**/*.ts', 'prisma/**/*.ts'], { cwd: root })
    .filter(path => !path.includes('generated'))
    .sort()
    .map(path => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });

const statement = /^(?:import|export)\s+(?:[^'";]*?\s+from\s+)?['"](\.{1,2}\/[^'"]+)['"]/gm;
const dynamic = /\bimport\(\s*['"](\.{1,2}\/[^'"]+)['"]\s*\)/g;

function importsOf(path: string, text: string): Import[] {
  const resolve = (target: string) => normalize(join(dirname(path), target));
  const fixed = [...text.matchAll(statement)].map(match => ({ path: resolve(match[1]!) }));
  const loaded = [...text.matchAll(dynamic)].map(match => ({ path: resolve(match[1]!) }));
  return [...fixed, ...loaded];
}

/** @returns the layer of a file: its folder in src/, `app` for files directly in src/, else its top folder */
export function layerOf(path: string): string {
  const [top, folder, ...rest] = path.split('/');
  if (top !== 'src') return top!;
  return rest.length ? folder! : 'app';
}

/** @returns the table of src/README.md: layer -> layers that it may import */
export function importTable(): Map<string, Set<string>> {
  const map = readFileSync(join(root, 'src/README.md'), 'utf8');
  const section = map.split('## What may import what')[1]!.split('\n## ')[0]!;
  const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)];
  return new Map(
    rows.map(([, layer, list]) => [
      layer!,
      new Set([...list!.matchAll(/`([\w-]+)`/g)].map(name => name[1]!)),
    ]),
  );
}

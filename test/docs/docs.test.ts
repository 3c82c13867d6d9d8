// The documents name files that exist, so that moving a file shows which pages to correct.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Page {
  readonly path: string;
  /** Without code blocks, which may name files that a reader is to create. */
  readonly text: string;
}

const pages: readonly Page[] = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md'], { cwd: root })
  .sort()
  .map(path => {
    const text = readFileSync(join(root, path), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
    return { path, text };
  });

const topics = pages.filter(({ path }) => /^docs\/decisions\/(?!README)/.test(path));

/** One for each heading of a topic. */
const decisions = topics.flatMap(({ path, text }) =>
  text
    .split(/^## /m)
    .slice(1)
    .map(section => ({ name: `${path}: ${section.split('\n')[0]}`, livesIn: livesIn(section) })),
);

describe('the documents', () => {
  test('name only files and folders that exist', () => {
    const missing = pages.flatMap(page =>
      pathsIn(page.text)
        .filter(named => !exists(page, named))
        .map(named => `${page.path} names ${named}`),
    );
    expect(missing).toEqual([]);
  });

  test('link only to files that exist', () => {
    const missing = pages.flatMap(({ path, text }) =>
      linksIn(text)
        .filter(target => !existsSync(join(root, dirname(path), target)))
        .map(target => `${path} links to ${target}`),
    );
    expect(missing).toEqual([]);
  });

  test('say in which files each decision lives', () => {
    expect(decisions.length).toBeGreaterThan(75);
    expect(decisions.filter(decision => decision.livesIn.length === 0)).toEqual([]);
    const missing = decisions.flatMap(decision =>
      decision.livesIn
        .filter(path => !existsSync(join(root, path)))
        .map(path => `${decision.name}: there is no ${path}`),
    );
    expect(missing).toEqual([]);
  });

  test('list every topic of the decisions in their index', () => {
    const index = pages.find(({ path }) => path === 'docs/decisions/README.md')!;
    const listed = new Set(linksIn(index.text).map(target => join('docs/decisions', target)));
    expect(topics.map(({ path }) => path).filter(path => !listed.has(path))).toEqual([]);
  });
});

/** Paths start at the root, at the page's own folder, or at src/. */
const exists = ({ path }: Page, named: string): boolean =>
  ['', dirname(path), 'src'].some(folder => existsSync(join(root, folder, named)));

/** @returns TypeScript files and folders in backticks: `src/query/engine.ts`, `query/` */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:[\w-]+\/)*[\w.-]+\.ts|(?:[\w-]+\/)+)`/g)].map(([, path]) => path!);

function livesIn(section: string): string[] {
  const line = /^Lives in: (.*)$/m.exec(section)?.[1] ?? '';
  return [...line.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
}

const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);

// Runs once before all tests: makes the databases that test files get copies of, and clears away after them.

import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { makeEmbeddedTemplates } from './embedded-templates.ts';
import { makePostgresqlTemplates } from './postgresql-templates.ts';
import type { Templates } from './templates.ts';

declare module 'vitest' {
  interface ProvidedContext {
    templates: Templates;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(temporaryFolder(), 'portolan-test-'));
  // Also for the files that tests, and the processes that they start, write.
  process.env.TMPDIR = folder;
  const url = process.env.TEST_DATABASE_URL;
  const { templates, remove } = url
    ? await makePostgresqlTemplates(url)
    : await makeEmbeddedTemplates(folder);
  project.provide('templates', templates);
  return async () => {
    await remove();
    rmSync(folder, { recursive: true, force: true });
  };
}

const memory = '/dev/shm';
const bytesMin = 4 * 2 ** 30;

/** @returns a folder in memory where there is room: each test file copies a database of a thousand files */
function temporaryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize < bytesMin ? tmpdir() : memory;
  } catch {
    return tmpdir();
  }
}

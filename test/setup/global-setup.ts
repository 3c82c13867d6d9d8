// Runs once before all tests: makes the databases that test files get copies of, and clears away after them.

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
  const url = process.env.TEST_DATABASE_URL;
  const { templates, remove } = url ? await makePostgresqlTemplates(url) : await makeEmbeddedTemplates();
  project.provide('templates', templates);
  return remove;
}

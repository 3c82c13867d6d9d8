// A project: the data that a server serves, and how it is exposed. It is defined in `portolan.config.ts`, outside this
// folder: no code here depends on a project's model.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Database } from './base/database/database.ts';
import { type MigrationStream, projectMigrations } from './base/database/migrate.ts';
import { fault } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import type { Catalog } from './catalog/catalog.ts';
import { createCatalog } from './catalog/create-catalog.ts';
import type { Datamodel } from './catalog/datamodel.ts';
import type { EntityDeclaration } from './catalog/declare.ts';
import { loadDatamodel } from './catalog/load-datamodel.ts';
import { unlistedFiles } from './catalog/unlisted-files.ts';
import type { MapperDraft } from './mappers/document/schema.ts';

export interface ProjectOptions {
  /** The project's folder, with `prisma/` in it: `import.meta.dirname`. */
  readonly folder: string;
  /** The exposed entities, in the order in which the documents list them. */
  readonly entities: readonly EntityDeclaration[];
  /** Mappers that are listed from the first start, and cannot be changed. */
  readonly mappers?: readonly MapperDraft[];
  /** Fills a new database with example data. Called at the first start on an embedded database, and with DEMO_DATA. */
  readonly loadDemo?: (database: Database, log: Logger) => Promise<void>;
}

export interface Project extends Pick<ProjectOptions, 'entities' | 'loadDemo' | 'mappers'> {
  readonly datamodel: Datamodel;
  readonly migrations: MigrationStream;
  /** The folder of the declarations. */
  readonly declarations: string;
}

/** @throws Error when `npm run generate` has not been run in the folder */
export function defineProject({ folder, ...options }: ProjectOptions): Project {
  return {
    datamodel: loadDatamodel(join(folder, 'prisma/generated/datamodel.json')),
    migrations: projectMigrations(join(folder, 'prisma/migrations')),
    declarations: join(folder, 'schema'),
    ...options,
  };
}

/** @throws CONFLICT that lists every error in the declarations */
export const catalogOf = ({ datamodel, entities }: Project): Catalog => createCatalog(datamodel, entities);

/** @throws CONFLICT that lists every error in the declarations, and every file that is not listed */
export const loadCatalog = async ({ datamodel, entities, declarations }: Project): Promise<Catalog> =>
  createCatalog(datamodel, entities, await unlistedFiles(declarations, entities));

const fileName = 'portolan.config.ts';

/**
 * @returns the project of the nearest `portolan.config.ts` at or above the working directory, or of the package itself
 * @throws NOT_FOUND if there is none; what the file throws
 */
export async function loadProject(): Promise<Project> {
  const file = findUp(process.cwd()) ?? findUp(import.meta.dirname);
  if (file) return ((await import(pathToFileURL(file).href)) as { default: Project }).default;
  throw fault('NOT_FOUND', `There is no ${fileName} in ${process.cwd()} or above it.`, {
    hint: 'Run this command in the folder of a project.',
  });
}

function findUp(folder: string): string | undefined {
  const file = join(folder, fileName);
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : findUp(above);
}

// Prints the public contracts into schema/printed, and the reference pages: `npm run codegen`. A test compares them with
// the server.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printSchema } from 'graphql';
import project from './portolan.config.ts';
import { referencePage } from './src/base/config/reference-page.ts';
import { variableGroups } from './src/base/config/variables.ts';
import { Fault } from './src/base/errors.ts';
import type { Principal } from './src/base/principal.ts';
import type { Catalog } from './src/catalog/catalog.ts';
import { platform } from './src/graphql/platform/platform.ts';
import { buildSchema } from './src/graphql/schema/build-schema.ts';
import { csdlXml } from './src/odata/csdl/csdl-xml.ts';
import { visibleModel } from './src/odata/model/visible-model.ts';
import { openApiDocument } from './src/openapi/document.ts';
import { catalogOf, loadCatalog } from './src/project.ts';
import { permittedCatalog } from './src/query/permitted/permitted-catalog.ts';
import { contract, describeServer } from './src/rest-contract.ts';

/** The address of a server without configuration. */
const localUrl = 'http://localhost:3000';

if (import.meta.main) await loadCatalog(project).then(write, explain);

function explain(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Fault ? error.message : (error as Error).stack}\n`);
}

function write(catalog: Catalog): void {
  for (const [path, text] of Object.entries(printContracts(catalog))) {
    const file = join(import.meta.dirname, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** @returns the contracts as a caller with all scopes sees them, and the reference pages, by path */
export function printContracts(catalog: Catalog = catalogOf(project)): Record<string, string> {
  return {
    'schema/printed/schema.graphql': `${printSchema(buildSchema(catalog, platform))}\n`,
    'schema/printed/metadata.xml': `${csdlXml(visibleModel(permittedCatalog(catalog, callerWith(catalog.scopes))))}\n`,
    'schema/printed/openapi.json': `${JSON.stringify(openApiDocument(contract, describeServer(localUrl, catalog)), undefined, 2)}\n`,
    'docs/reference/configuration.md': referencePage(variableGroups),
  };
}

function callerWith(scopes: readonly string[]): Principal {
  return { kind: 'key', id: '', userId: '', name: '', scopes: new Set(scopes), scopeKey: scopes.join(' ') };
}

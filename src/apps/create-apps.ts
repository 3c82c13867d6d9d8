// Developers, their apps, and what users allowed these to do, joined from their parts.

import type { Config } from '../base/config.ts';
import type { Logger } from '../base/log.ts';
import type { PrismaClient } from '../base/prisma.ts';
import { loadPeppers } from '../safestore/peppers.ts';
import type { Safestore } from '../safestore/safestore.ts';
import type { Audit } from './audit-type.ts';
import { type Clients, createClients } from './clients.ts';
import { createDevelopers, type Developers } from './developers.ts';
import { createGrants, type Grants } from './grants.ts';
import { createPlugins, type Plugins } from './plugins.ts';
import { createRegistry, type Registry } from './registry.ts';
import { createSecrets, type Secrets } from './secrets.ts';

export interface Apps {
  readonly developers: Developers;
  readonly registry: Registry;
  readonly secrets: Secrets;
  readonly clients: Clients;
  readonly grants: Grants;
  readonly plugins: Plugins;
  /** Writes what is still to be written. The database must be open. */
  close(): Promise<void>;
}

export interface AppsParts {
  readonly prisma: PrismaClient;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly config: Config;
  readonly log: Logger;
  readonly catalog: { readonly scopes: readonly string[] };
}

/** @throws ConfigFault where the peppers are missing or cannot be read */
export function createApps({ catalog, config, ...parts }: AppsParts): Apps {
  const known = { ...parts, config, knownScopes: catalog.scopes };
  const registry = createRegistry(known);
  const clients = createClients({ ...known, peppers: loadPeppers(config) });
  return {
    developers: createDevelopers(known),
    registry,
    secrets: createSecrets({ ...known, registry }),
    clients,
    grants: createGrants(known),
    plugins: createPlugins(known),
    close: clients.close,
  };
}

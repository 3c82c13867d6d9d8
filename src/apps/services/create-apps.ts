// Developers, their apps, and what users allowed these to do, joined from their parts.

import type { Audit } from '../../audit/create-audit.ts';
import type { Config } from '../../base/config/config.ts';
import type { Logger } from '../../base/log.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { loadPeppers } from '../../safestore/peppers.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import type { AppView } from './app-view.ts';
import { type Clients, createClients } from './clients.ts';
import { createDevelopers, type Developers } from './developers.ts';
import { createGrants, type Grants } from './grants.ts';
import type { Manager } from './manager.ts';
import { createPlugins, type Plugins } from './plugins.ts';
import { type AppDraft, createRegistry, type Registry } from './registry.ts';
import { createSecrets, type Secrets } from './secrets.ts';

export interface Apps {
  readonly developers: Developers;
  readonly registry: Registry;
  readonly secrets: Secrets;
  readonly clients: Clients;
  readonly grants: Grants;
  readonly plugins: Plugins;
  /** Makes an app, with its first secret where it can keep one. @throws as `registry.create` */
  create(manager: Manager, draft: AppDraft): Promise<CreatedApp>;
  /** Writes what is still to be written. The database must be open. */
  close(): Promise<void>;
}

export interface CreatedApp extends AppView {
  /** The only copy there will ever be. */
  readonly clientSecret?: string;
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
  const secrets = createSecrets({ ...known, registry });

  async function create(manager: Manager, draft: AppDraft): Promise<CreatedApp> {
    const app = await registry.create(manager, draft);
    if (!app.confidential) return app;
    const { secret } = await secrets.create(manager, app.id);
    return { ...(await registry.find(manager, app.id)), clientSecret: secret };
  }

  return {
    developers: createDevelopers(known),
    registry,
    secrets,
    clients,
    grants: createGrants(known),
    plugins: createPlugins(known),
    create,
    close: () => clients.close(),
  };
}

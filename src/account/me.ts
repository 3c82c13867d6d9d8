// Describes a credential: its user and app, its scopes, and its limits.

import * as v from 'valibot';
import type { ScopeDescriptions } from '../auth/scopes/describe-scope.ts';
import { roles } from '../auth/scopes/roles.ts';
import type { Config } from '../base/config/config.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity, Field } from '../catalog/catalog.ts';
import { timeOrNull } from '../http/rest/fields.ts';
import type { Immutable } from '../http/rest/immutable.ts';
import type { PrismaClient } from '../platform/prisma.ts';
import { findAppName } from '../platform/tables/oauth-apps.ts';
import { findUser } from '../platform/tables/users.ts';
import type { Engine } from '../query/engine.ts';
import type { PermittedCatalog, PermittedEntity } from '../query/permitted/permitted-catalog.ts';

const period = () => v.nullable(v.object({ max: v.number(), seconds: v.number() }));

export const meSchema = v.object({
  kind: v.pipe(
    v.picklist(['key', 'token', 'session', 'anonymous']),
    v.description('The kind of credential.'),
  ),
  id: v.pipe(v.string(), v.description("The credential's own ID.")),
  name: v.string(),
  user: v.pipe(
    v.nullable(
      v.object({ id: v.string(), email: v.string(), name: v.string(), role: v.nullable(v.picklist(roles)) }),
    ),
    v.description('The user it acts for; null if it acts for no user of this server.'),
  ),
  app: v.pipe(
    v.nullable(v.object({ id: v.string(), name: v.string() })),
    v.description('The app that holds it; null if it belongs to no app.'),
  ),
  scopes: v.array(v.string()),
  allowed: v.pipe(v.array(v.string()), v.description('Descriptions of the scopes.')),
  sets: v.pipe(
    v.array(
      v.object({
        name: v.string(),
        read: v.boolean(),
        write: v.boolean(),
        restrictedFields: v.pipe(
          v.array(v.object({ name: v.string(), read: v.boolean(), write: v.boolean() })),
          v.description(
            'Every field that needs a scope of its own, including those that may be neither read nor written.',
          ),
        ),
      }),
    ),
    v.description('The sets that it may read or write.'),
  ),
  limits: v.object({
    takeDefault: v.number(),
    takeMax: v.number(),
    depthMax: v.number(),
    costMax: v.number(),
    bodyBytesMax: v.pipe(v.number(), v.description('Maximum size of a request body.')),
    uploadBytesMax: v.number(),
    requests: v.pipe(period(), v.description('Maximum number of requests; null: unlimited.')),
    totalCost: v.pipe(
      period(),
      v.description(
        'Maximum cost of the requests, in the units of the header `Portolan-Cost`; null: unlimited.',
      ),
    ),
  }),
  expiresAt: v.pipe(timeOrNull(), v.description('null: never.')),
});

export type Me = Immutable<v.InferOutput<typeof meSchema>>;
export type MySet = Me['sets'][number];
export type MyLimits = Me['limits'];

/** Describes the caller. */
export type DescribeCaller = (principal: Principal) => Promise<Me>;

export interface MeParts {
  readonly prisma: PrismaClient;
  readonly config: Pick<Config, 'limits' | 'requestLimit' | 'costLimit'>;
  readonly engine: Pick<Engine, 'permitted'>;
  readonly describeScope: ScopeDescriptions;
}

export function createMe({ prisma, config, engine, describeScope }: MeParts): DescribeCaller {
  const limits = limitsOf(config);

  async function userOf({ userId }: Principal): Promise<Me['user']> {
    const user = await findUser(prisma, { id: userId });
    return user && { id: user.id, email: user.email, name: user.name, role: user.role };
  }

  /** An app that is not registered here gets its name from its token. */
  async function appOf({ appId, name }: Principal) {
    if (appId === undefined) return null;
    const app = await findAppName(prisma, appId);
    return app ?? { id: appId, name };
  }

  return async principal => {
    const { kind, id, name, expiresAt } = principal;
    const scopes = [...principal.scopes].sort();
    const [user, app] = await Promise.all([userOf(principal), appOf(principal)]);
    return {
      kind,
      id,
      name,
      user,
      app,
      scopes,
      allowed: scopes.map(describeScope),
      sets: setsOf(engine.permitted(principal)),
      limits,
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
    };
  };
}

function limitsOf({ limits, requestLimit, costLimit }: MeParts['config']): MyLimits {
  const { takeDefault, takeMax, depthMax, costMax, bodyBytesMax, uploadBytesMax } = limits;
  return {
    takeDefault,
    takeMax,
    depthMax,
    costMax,
    bodyBytesMax,
    uploadBytesMax,
    requests: inPeriod(requestLimit),
    totalCost: inPeriod(costLimit),
  };
}

const inPeriod = ({ points: max, seconds }: Config['requestLimit']): MyLimits['requests'] =>
  max > 0 ? { max, seconds } : null;

const setsOf = ({ entities }: PermittedCatalog): MySet[] =>
  [...entities.values()].filter(({ read, write }) => read || write).map(toSet);

/** Lists restricted fields even if they are hidden elsewhere: here a client learns which scope it lacks. */
function toSet({ entity, read, write, readable, writable }: PermittedEntity): MySet {
  const restrictedFields = [...entity.fields.values()]
    .filter(field => isRestricted(entity, field))
    .map(({ name, kind }) => ({
      name,
      read: readable.has(name),
      write: write && writable.has(name) && (kind === 'column' || kind === 'relation'),
    }));
  return { name: entity.set, read, write, restrictedFields };
}

/** Fields computed from restricted fields are restricted as well. */
const isRestricted = (entity: Entity, field: Field): boolean =>
  field.restricted !== undefined ||
  ('needs' in field && field.needs.some(name => entity.fields.get(name)?.restricted !== undefined));

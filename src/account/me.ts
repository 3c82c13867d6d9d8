// Describes a credential: its user and app, its scopes, and its limits.

import type { ScopeDescriptions } from '../auth/scopes/describe-scope.ts';
import type { Role } from '../auth/scopes/roles.ts';
import type { Config, Limits } from '../base/config/config.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity, Field } from '../catalog/catalog.ts';
import type { PrismaClient } from '../platform/prisma.ts';
import { findAppName } from '../platform/tables/oauth-apps.ts';
import { findUser } from '../platform/tables/users.ts';
import type { Engine } from '../query/engine.ts';
import type { PermittedCatalog, PermittedEntity } from '../query/permitted/permitted-catalog.ts';

export interface Me {
  /** The kind of credential. */
  readonly kind: Principal['kind'];
  /** The credential's own id. */
  readonly id: string;
  readonly name: string;
  /** The user it acts for; null if it acts for no user of this server. */
  readonly user: MyUser | null;
  /** The app that holds it; null if it belongs to no app. */
  readonly app: { readonly id: string; readonly name: string } | null;
  readonly scopes: readonly string[];
  /** Descriptions of the scopes. */
  readonly allowed: readonly string[];
  /** The sets that it may read or write. */
  readonly sets: readonly MySet[];
  readonly limits: MyLimits;
  /** null: never. */
  readonly expiresAt: Date | null;
}

interface MyUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role | null;
}

export interface MySet {
  readonly name: string;
  readonly read: boolean;
  readonly write: boolean;
  /** Every field that needs a scope of its own, including those that may be neither read nor written. */
  readonly restrictedFields: readonly MyField[];
}

interface MyField {
  readonly name: string;
  readonly read: boolean;
  readonly write: boolean;
}

export interface MyLimits extends Pick<Limits, 'takeDefault' | 'takeMax' | 'depthMax' | 'costMax'> {
  /** Maximum size of a request body. */
  readonly bodyBytesMax: number;
  readonly uploadBytesMax: number;
  /** Maximum number of requests; null: unlimited. */
  readonly requests: InPeriod | null;
  /** Maximum cost of the requests, in the units of the header `Portolan-Cost`; null: unlimited. */
  readonly cost: InPeriod | null;
}

interface InPeriod {
  readonly max: number;
  readonly seconds: number;
}

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

  async function userOf({ userId }: Principal): Promise<MyUser | null> {
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
    cost: inPeriod(costLimit),
  };
}

const inPeriod = ({ points: max, seconds }: Config['requestLimit']): InPeriod | null =>
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

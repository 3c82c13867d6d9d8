// oidc-provider's storage: its clients are our apps, its grants our users' consent, its session whoever is signed in here.

import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Client, Clients } from '../apps/services/clients.ts';
import type { Artifacts } from './artifacts.ts';
import { currentCall, type Presented } from './call.ts';
import type { Grant, Grants } from './grants.ts';
import type { Revocations } from './revocations.ts';
import { spellOut } from './scope-request.ts';
import { paths } from './settings.ts';

export interface AdapterParts {
  readonly publicUrl: string;
  /** What grants are for, in the words of RFC 8707. */
  readonly resource: string;
  readonly knownScopes: readonly string[];
  readonly artifacts: Artifacts;
  readonly clients: Pick<Clients, 'find' | 'matchSecret'>;
  readonly grants: Grants;
  readonly revocations: Revocations;
  /** Told when a family of tokens is revoked: because one of them was used twice, or since the app wants it. */
  readonly onFamilyRevoked: (presented: Presented, reused: boolean) => void;
}

/** The value of the session cookie that oidc-provider is shown: whose session it is, the call says. */
export const sessionCookieValue = 'current';

/** @returns the factory that oidc-provider asks for the storage of each of its models */
export const createAdapter =
  (parts: AdapterParts) =>
  (kind: string): Adapter => {
    if (kind === 'Client') return readOnly(async id => toMetadata(await parts.clients.find(id)));
    if (kind === 'Grant') return readOnly(async id => toGrantPayload(await parts.grants.find(id), parts));
    if (kind === 'Session') return readOnly(async id => currentSession(id));
    return artifactAdapter(kind, parts);
  };

const nothing = async () => undefined;

const readOnly = (find: Adapter['find']): Adapter => ({
  find,
  upsert: nothing,
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
});

function artifactAdapter(kind: string, parts: AdapterParts): Adapter {
  const { artifacts, revocations } = parts;

  async function upsert(value: string, payload: AdapterPayload, seconds: number): Promise<void> {
    const { jti: _, returnTo: __, ...rest } = payload;
    const { grantId, sessionUid: familyId } = payload;
    const expiresAt = Date.now() + seconds * 1000;
    await artifacts.save({ kind, value, payload: rest, grantId, familyId, expiresAt });
  }

  async function find(value: string): Promise<AdapterPayload | undefined> {
    const found = await artifacts.find(kind, value);
    if (!found) return undefined;
    const { payload, consumedAt } = found;
    notePresented(payload as AdapterPayload, consumedAt !== undefined);
    const consumed = consumedAt === undefined ? {} : { consumed: Math.floor(consumedAt / 1000) };
    return { ...payload, ...consumed, ...(kind === 'Interaction' && returning(value)), jti: value };
  }

  function notePresented({ sessionUid, clientId, accountId }: AdapterPayload, used: boolean): void {
    if (sessionUid === undefined) return;
    currentCall().presented = { kind, familyId: sessionUid, clientId, userId: accountId, used };
  }

  /** The value of an interaction would stand in its own address. */
  const returning = (value: string) => ({ returnTo: `${parts.publicUrl}${paths.authorize}/${value}` });

  async function consume(value: string): Promise<void> {
    if (await artifacts.consume(kind, value)) return;
    await revokePresented(true);
    throw new errors.InvalidGrant('already used');
  }

  /** Who presents something twice, or someone who stole it, gets nothing more, and keeps nothing. */
  async function revokePresented(lost = false): Promise<void> {
    const { presented } = currentCall();
    if (!presented) return;
    await revocations.revokeFamily(presented.familyId);
    parts.onFamilyRevoked(presented, lost || presented.used);
  }

  return {
    ...{ upsert, find, consume },
    destroy: value => artifacts.remove(kind, value),
    findByUserCode: nothing,
    findByUid: nothing,
    // oidc-provider calls this for each kind of token in turn; the family is revoked as a whole.
    revokeByGrantId: () => (kind === 'AccessToken' ? revokePresented() : nothing()),
  };
}

function toMetadata(app: Client | undefined): AdapterPayload | undefined {
  if (!app) return undefined;
  const { redirectUris, confidential, clientCredentials } = app;
  const web = redirectUris.length > 0;
  return {
    client_id: app.id,
    client_name: app.name,
    redirect_uris: [...redirectUris],
    response_types: web ? ['code'] : [],
    response_modes: web ? ['query', 'fragment'] : undefined,
    grant_types: [
      ...(web ? ['authorization_code', 'refresh_token'] : []),
      ...(clientCredentials && confidential ? ['client_credentials'] : []),
    ],
    // oidc-provider takes addresses such as com.example.app:/callback from `native` apps alone.
    application_type: redirectUris.some(uri => !/^https?:/.test(uri)) ? 'native' : 'web',
    token_endpoint_auth_method: confidential ? 'client_secret_post' : 'none',
    ...(confidential && { client_secret: 'compared elsewhere' }),
    app_scopes: app.scopes.join(' '),
    app_owner: app.ownerId,
  };
}

/** A grant of `read` covers `products:read`, which oidc-provider must be told. */
function toGrantPayload(
  grant: Grant | undefined,
  { resource, knownScopes }: AdapterParts,
): AdapterPayload | undefined {
  if (!grant) return undefined;
  const iat = Math.floor(grant.createdAt / 1000);
  return {
    kind: 'Grant',
    jti: grant.id,
    iat,
    exp: Math.floor(Date.now() / 1000) + 3_600,
    accountId: grant.userId,
    clientId: grant.appId,
    resources: { [resource]: spellOut(grant.scopes, knownScopes).join(' ') },
  };
}

/** Never stored: whoever signs out here, or becomes somebody else, is that for apps too. */
function currentSession(id: string): AdapterPayload | undefined {
  const { session, familyId } = currentCall();
  if (id !== sessionCookieValue || !session) return undefined;
  const iat = Math.floor(session.createdAt / 1000);
  return {
    kind: 'Session',
    jti: sessionCookieValue,
    uid: familyId,
    iat,
    exp: Math.floor(Date.now() / 1000) + 3_600,
    loginTs: iat,
    accountId: session.user.id,
  };
}

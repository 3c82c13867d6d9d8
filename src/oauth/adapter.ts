// oidc-provider's storage: clients are the apps, grants are the users' consent, and the session is the browser's session.

import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Client, Clients } from '../apps/services/clients.ts';
import type { StoredGrant as Grant } from '../platform/tables/app-grants.ts';
import type { Artifacts } from './artifacts.ts';
import { currentCall, type Presented } from './call.ts';
import type { Grants } from './grants.ts';
import type { Revocations } from './revocations.ts';
import { expandScopes } from './scope-request.ts';
import { paths } from './settings.ts';

export interface AdapterDeps {
  readonly publicUrl: string;
  /** The resource indicator (RFC 8707) that grants are for. */
  readonly resource: string;
  readonly knownScopes: readonly string[];
  readonly artifacts: Artifacts;
  readonly clients: Pick<Clients, 'find' | 'matchSecret'>;
  readonly grants: Grants;
  readonly revocations: Revocations;
  /** Called when a token family is revoked: because a token was reused, or at the app's request. */
  readonly onFamilyRevoked: (presented: Presented, reused: boolean) => void;
}

/** The session cookie's value for oidc-provider. The session itself comes from the current call. */
export const sessionCookieValue = 'current';

/** @returns oidc-provider's adapter factory, called once per model */
export const createAdapter =
  (deps: AdapterDeps) =>
  (kind: string): Adapter => {
    if (kind === 'Client') return readOnly(async id => toMetadata(await deps.clients.find(id)));
    if (kind === 'Grant') return readOnly(async id => toGrantPayload(await deps.grants.find(id), deps));
    if (kind === 'Session') return readOnly(async id => currentSession(id));
    return artifactAdapter(kind, deps);
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

function artifactAdapter(kind: string, deps: AdapterDeps): Adapter {
  const { artifacts, revocations } = deps;

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
    return { ...payload, ...consumed, ...(kind === 'Interaction' && returnAddress(value)), jti: value };
  }

  function notePresented({ sessionUid, clientId, accountId }: AdapterPayload, used: boolean): void {
    if (sessionUid === undefined) return;
    currentCall().presented = { kind, familyId: sessionUid, clientId, userId: accountId, used };
  }

  /** Not stored, because it contains the interaction's value. */
  const returnAddress = (value: string) => ({ returnTo: `${deps.publicUrl}${paths.authorize}/${value}` });

  async function consume(value: string): Promise<void> {
    if (await artifacts.consume(kind, value)) return;
    await revokePresented(true);
    throw new errors.InvalidGrant('already used');
  }

  /** Revokes the whole family when a code or token is reused, because one of the two uses may be a theft. */
  async function revokePresented(reused = false): Promise<void> {
    const { presented } = currentCall();
    if (!presented) return;
    await revocations.revokeFamily(presented.familyId);
    deps.onFamilyRevoked(presented, reused || presented.used);
  }

  return {
    upsert,
    find,
    consume,
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
    // oidc-provider accepts addresses such as com.example.app:/callback only from `native` apps.
    application_type: redirectUris.some(uri => !/^https?:/.test(uri)) ? 'native' : 'web',
    token_endpoint_auth_method: confidential ? 'client_secret_post' : 'none',
    ...(confidential && { client_secret: 'compared elsewhere' }),
    app_scopes: app.scopes.join(' '),
    app_owner: app.ownerId,
  };
}

/** Expands the scopes: a grant of `read` covers `products:read`, which oidc-provider does not know. */
function toGrantPayload(
  grant: Grant | undefined,
  { resource, knownScopes }: AdapterDeps,
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
    resources: { [resource]: expandScopes(grant.scopes, knownScopes).join(' ') },
  };
}

/** Never stored, so that signing out here, or signing in as another user, applies to apps at once. */
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

// The types of OAuth apps and their secrets.

import type { AppView, SecretView } from '../../apps/services/app-view.ts';
import type { CreatedApp } from '../../apps/services/create-apps.ts';
import type { CreatedSecret } from '../../apps/services/secrets.ts';
import type { Builder } from '../model/builder.ts';

export type AppTypes = ReturnType<typeof addAppTypes>;

/** Adds the types. */
export function addAppTypes(builder: Builder) {
  const kind = kindType(builder);
  const secret = secretType(builder);
  const app = appType(builder, { kind, secret });
  const created = createdType(builder, { app });
  const createdSecret = createdSecretType(builder, { secret });
  return { app, created, createdSecret };
}

const kindType = (builder: Builder) =>
  builder.enumType('OauthAppKind', {
    description: '`plugin`: the server creates it and injects its secret.',
    values: ['developer', 'plugin'] as const,
  });

const secretType = (builder: Builder) =>
  builder.objectRef<SecretView>('OauthAppSecret').implement({
    description: 'One of the secrets of an app. It cannot be shown again.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      lastFour: t.exposeString('lastFour', { nullable: false, description: 'Its last four characters.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'null: never.' }),
    }),
  });

const appType = (
  builder: Builder,
  {
    kind,
    secret,
  }: { readonly kind: ReturnType<typeof kindType>; readonly secret: ReturnType<typeof secretType> },
) =>
  builder.objectRef<AppView>('OauthApp').implement({
    description: 'An OAuth 2.0 client that requests access to data of users.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false, description: 'The client id.' }),
      kind: t.expose('kind', { type: kind, nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      description: t.exposeString('description', { nullable: true }),
      homePage: t.exposeString('homePage', { nullable: true }),
      logoPath: t.exposeString('logoPath', {
        nullable: true,
        description: 'A path of this server. PUT the image to /api/apps/{id}/logo.',
      }),
      redirectUris: t.stringList({ nullable: false, resolve: one => [...one.redirectUris] }),
      scopes: t.stringList({
        nullable: false,
        description: 'The maximum scopes that it may request.',
        resolve: one => [...one.scopes],
      }),
      confidential: t.exposeBoolean('confidential', {
        nullable: false,
        description: 'Whether it has secrets.',
      }),
      clientCredentials: t.exposeBoolean('clientCredentials', {
        nullable: false,
        description:
          'Whether it may use the client credentials grant, with at most the permissions of its owner.',
      }),
      disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
      locked: t.exposeBoolean('locked', {
        nullable: false,
        description: 'Whether an administrator disabled it. The owner then cannot enable it.',
      }),
      ownerId: t.string({ nullable: false, resolve: one => one.owner.id }),
      ownerEmail: t.string({ nullable: false, resolve: one => one.owner.email }),
      developer: t.exposeString('developer', {
        nullable: true,
        description: 'The developer, as shown to users.',
      }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false }),
      secrets: t.field({
        type: [secret],
        nullable: false,
        description: 'The active secrets, newest first.',
        resolve: one => [...one.secrets],
      }),
    }),
  });

const createdType = (builder: Builder, { app }: { readonly app: ReturnType<typeof appType> }) =>
  builder.objectRef<CreatedApp>('CreatedOauthApp').implement({
    description: 'A newly created app.',
    fields: t => ({
      app: t.field({ type: app, nullable: false, resolve: one => one }),
      clientSecret: t.exposeString('clientSecret', {
        nullable: true,
        description: 'The secret of a confidential app. It is shown only once.',
      }),
    }),
  });

const createdSecretType = (
  builder: Builder,
  { secret }: { readonly secret: ReturnType<typeof secretType> },
) =>
  builder.objectRef<CreatedSecret>('CreatedOauthAppSecret').implement({
    description: 'A newly created secret.',
    fields: t => ({
      secret: t.exposeString('secret', {
        nullable: false,
        description: 'The secret itself. It is shown only once.',
      }),
      about: t.field({ type: secret, nullable: false, resolve: one => one }),
    }),
  });

// OAuth apps: a user's own, and all of them for administrators. The services check ownership.

import { asManager, type Manager } from '../../apps/services/manager.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';
import type { GraphqlContext } from '../model/context.ts';
import { type AppTypes, addAppTypes } from './oauth-app-types.ts';

export const oauthApps: PlatformPart = {
  queries: ['oauthApps', 'oauthApp'],
  mutations: [
    'createOauthApp',
    'updateOauthApp',
    'setOauthAppDisabled',
    'deleteOauthApp',
    'createOauthAppSecret',
    'removeOauthAppSecret',
  ],
  add(builder) {
    const types = addAppTypes(builder);
    addQueries(builder, types);
    addAppChanges(builder, types);
    addSecretChanges(builder, types);
  },
};

function addQueries(builder: Builder, { app }: AppTypes): void {
  builder.queryField('oauthApps', t =>
    t.field({
      type: [app],
      nullable: false,
      description: 'Your apps; with the scope `admin`, the apps of all users. Newest first, at most 500.',
      args: {
        ownerId: t.arg.string(),
        search: t.arg.string({ description: 'Part of the name, the id or the owner’s e-mail address.' }),
      },
      resolve: (_root, { ownerId, search }, context) =>
        context.services.apps.registry.list(by(context), {
          ownerId: ownerId ?? undefined,
          search: search ?? undefined,
        }),
    }),
  );
  builder.queryField('oauthApp', t =>
    t.field({
      type: app,
      nullable: false,
      args: { id: t.arg.string({ required: true }) },
      resolve: (_root, { id }, context) => context.services.apps.registry.find(by(context), id),
    }),
  );
}

function addAppChanges(builder: Builder, { app, created }: AppTypes): void {
  addCreateOauthApp(builder, created);
  builder.mutationField('updateOauthApp', t =>
    t.field({
      type: app,
      description: 'Changes an app. Omitted arguments stay unchanged. Users must consent to added scopes.',
      args: {
        id: t.arg.string({ required: true }),
        name: t.arg.string(),
        description: t.arg.string({ description: 'null: none.' }),
        homePage: t.arg.string({ description: 'null: none.' }),
        redirectUris: t.arg.stringList(),
        scopes: t.arg.stringList(),
        clientCredentials: t.arg.boolean(),
      },
      resolve: (_root, { id, description, homePage, ...rest }, context) =>
        context.services.apps.registry.change(by(context), id, { description, homePage, ...present(rest) }),
    }),
  );
  builder.mutationField('setOauthAppDisabled', t =>
    t.field({
      type: app,
      description:
        'Enables or disables an app. A disabled app gets no tokens; its existing tokens are rejected within a second.',
      args: { id: t.arg.string({ required: true }), disabled: t.arg.boolean({ required: true }) },
      resolve: (_root, { id, disabled }, context) =>
        context.services.apps.registry[disabled ? 'disable' : 'enable'](by(context), id),
    }),
  );
  builder.mutationField('deleteOauthApp', t =>
    t.boolean({
      description: 'Deletes an app and all its grants.',
      args: { id: t.arg.string({ required: true }) },
      async resolve(_root, { id }, context) {
        await context.services.apps.registry.remove(by(context), id);
        return true;
      },
    }),
  );
}

function addCreateOauthApp(builder: Builder, created: AppTypes['created']): void {
  builder.mutationField('createOauthApp', t =>
    t.field({
      type: created,
      description: 'Creates an app, with a first secret if it is confidential. For registered developers.',
      args: {
        name: t.arg.string({ required: true }),
        description: t.arg.string(),
        homePage: t.arg.string({ description: 'https.' }),
        redirectUris: t.arg.stringList({
          description:
            'https; http on localhost; or, for public native apps, a custom scheme such as com.example.app:/callback.',
        }),
        scopes: t.arg.stringList({ required: true, description: 'The maximum scopes that it may request.' }),
        confidential: t.arg.boolean({
          required: true,
          description: 'Whether it can keep a secret. Cannot be changed later.',
        }),
        clientCredentials: t.arg.boolean(),
        owner: t.arg.string({ description: 'The owner’s e-mail address, for administrators. Default: you.' }),
      },
      resolve: (_root, { redirectUris, clientCredentials, owner, ...rest }, context) =>
        context.services.apps.create(by(context), {
          ...rest,
          redirectUris: redirectUris ?? undefined,
          clientCredentials: clientCredentials ?? undefined,
          owner: owner ?? undefined,
        }),
    }),
  );
}

function addSecretChanges(builder: Builder, { createdSecret }: AppTypes): void {
  builder.mutationField('createOauthAppSecret', t =>
    t.field({
      type: createdSecret,
      description: 'Adds a secret. At most five can be active at a time.',
      args: {
        appId: t.arg.string({ required: true }),
        expiresAt: t.arg({ type: 'DateTime', description: 'Default: never.' }),
        othersExpireAt: t.arg({ type: 'DateTime', description: 'When the existing secrets expire.' }),
      },
      resolve: (_root, { appId, expiresAt, othersExpireAt }, context) =>
        context.services.apps.secrets.create(by(context), appId, {
          expiresAt: expiresAt ? new Date(expiresAt) : undefined,
          othersExpireAt: othersExpireAt ? new Date(othersExpireAt) : undefined,
        }),
    }),
  );
  builder.mutationField('removeOauthAppSecret', t =>
    t.boolean({
      description:
        'Revokes a secret, and the tokens that the app obtained with it through the client credentials grant.',
      args: { appId: t.arg.string({ required: true }), id: t.arg.string({ required: true }) },
      async resolve(_root, { appId, id }, context) {
        await context.services.apps.secrets.remove(by(context), appId, id);
        return true;
      },
    }),
  );
}

const by = ({ principal, request }: GraphqlContext): Manager => asManager(principal, request);

/** @returns the entries that are neither absent nor null */
const present = <Values extends object>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as {
    [Name in keyof Values]?: NonNullable<Values[Name]>;
  };

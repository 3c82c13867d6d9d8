// Developers and connected apps: a user's own, and all of them for administrators.

import type { DeveloperView } from '../../apps/services/developers.ts';
import type { GrantView } from '../../apps/services/grants.ts';
import { asManager } from '../../apps/services/manager.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';

export const developers: PlatformPart = {
  queries: ['developer'],
  mutations: ['saveDeveloper'],
  add(builder) {
    const developer = builder.objectRef<DeveloperView>('Developer').implement({
      description: 'A user who is registered as a developer of apps.',
      fields: t => ({
        userId: t.exposeString('userId', { nullable: false }),
        name: t.exposeString('name', { nullable: false, description: 'The name shown to users.' }),
        website: t.exposeString('website', { nullable: true }),
        contactEmail: t.exposeString('contactEmail', { nullable: false }),
        createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      }),
    });
    builder.queryField('developer', t =>
      t.field({
        type: developer,
        nullable: true,
        description:
          'Your developer profile, or with the scope `admin` that of any user; null: not registered as a developer.',
        args: { userId: t.arg.string() },
        resolve: (_root, { userId }, { principal, request, services }) =>
          services.apps.developers.find(asManager(principal, request), userId ?? undefined),
      }),
    );
    builder.mutationField('saveDeveloper', t =>
      t.field({
        type: developer,
        description: 'Registers as a developer, or updates the developer profile.',
        args: {
          name: t.arg.string({ required: true }),
          website: t.arg.string({ description: 'https.' }),
          contactEmail: t.arg.string({ required: true }),
          userId: t.arg.string({ description: 'For administrators. Default: you.' }),
        },
        resolve: (_root, { userId, ...draft }, { principal, request, services }) =>
          services.apps.developers.save(asManager(principal, request), draft, userId ?? undefined),
      }),
    );
  },
};

export const oauthGrants: PlatformPart = {
  queries: ['oauthGrants'],
  mutations: ['revokeOauthGrant'],
  add(builder) {
    const grant = addGrantType(builder);
    builder.queryField('oauthGrants', t =>
      t.field({
        type: [grant],
        nullable: false,
        description:
          'Your connected apps; with the scope `admin`, those of all users. Last used first, at most 500.',
        args: { userId: t.arg.string(), appId: t.arg.string() },
        resolve: (_root, { userId, appId }, { principal, request, services }) =>
          services.apps.grants.list(asManager(principal, request), {
            userId: userId ?? undefined,
            appId: appId ?? undefined,
          }),
      }),
    );
    builder.mutationField('revokeOauthGrant', t =>
      t.boolean({
        description: 'Revokes a grant. Its tokens are rejected within a second.',
        args: { id: t.arg.string({ required: true }) },
        async resolve(_root, { id }, { principal, request, services }) {
          await services.apps.grants.revoke(asManager(principal, request), id);
          return true;
        },
      }),
    );
  },
};

const addGrantType = (builder: Builder) =>
  builder.objectRef<GrantView>('OauthGrant').implement({
    description: 'What a user allowed an app to do.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      appId: t.string({ nullable: false, resolve: one => one.app.id }),
      appName: t.string({ nullable: false, resolve: one => one.app.name }),
      developer: t.string({ nullable: true, resolve: one => one.app.developer }),
      homePage: t.string({ nullable: true, resolve: one => one.app.homePage }),
      logoPath: t.string({ nullable: true, resolve: one => one.app.logoPath }),
      disabledAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When the app was disabled.',
        resolve: one => one.app.disabledAt,
      }),
      userId: t.string({ nullable: false, resolve: one => one.user.id }),
      userEmail: t.string({ nullable: false, resolve: one => one.user.email }),
      scopes: t.stringList({ nullable: false, resolve: one => [...one.scopes] }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
      lastUsedIp: t.exposeString('lastUsedIp', { nullable: true }),
    }),
  });

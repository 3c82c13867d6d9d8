// Registering as a developer, and connected apps: everybody's own, and of everybody for administrators.

import type { DeveloperView } from '../../apps/services/developers.ts';
import type { GrantView } from '../../apps/services/grants.ts';
import { asManager } from '../../apps/services/manager.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';

export const developers: PlatformPart = {
  queries: ['developer'],
  mutations: ['saveDeveloper'],
  add(builder) {
    const developer = builder.objectRef<DeveloperView>('Developer').implement({
      description: 'Who stands behind apps.',
      fields: t => ({
        userId: t.exposeString('userId', { nullable: false }),
        name: t.exposeString('name', { nullable: false, description: 'As users see it.' }),
        website: t.exposeString('website', { nullable: true }),
        contactEmail: t.exposeString('contactEmail', { nullable: false }),
        createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      }),
    });
    builder.queryField('developer', t =>
      t.field({
        type: developer,
        nullable: true,
        description: 'How users see me, or with the scope `admin` somebody; null for who is no developer.',
        args: { userId: t.arg.string() },
        resolve: (_root, { userId }, { principal, request, services }) =>
          services.apps.developers.find(asManager(principal, request), userId ?? undefined),
      }),
    );
    builder.mutationField('saveDeveloper', t =>
      t.field({
        type: developer,
        description: 'Registers as a developer, or changes what was said before.',
        args: {
          name: t.arg.string({ required: true }),
          website: t.arg.string({ description: 'https.' }),
          contactEmail: t.arg.string({ required: true }),
          userId: t.arg.string({ description: 'For administrators; me where absent.' }),
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
          'What I allowed apps to do, or with the scope `admin` everybody, the last used first, at most 500.',
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
        description: 'Its tokens are refused within a second.',
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
        description: 'Since when the app is disabled.',
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

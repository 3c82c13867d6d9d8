// API keys: everybody's own, and all of them for administrators. What a key is sealed with is never exposed.

import type { CreatedKey, KeySummary } from '../../auth/keys/keys.ts';
import type { PlatformPart } from '../model/builder.ts';

export const apiKeys: PlatformPart = {
  queries: ['apiKeys'],
  mutations: ['createApiKey', 'rotateApiKey', 'revokeApiKey'],
  add(builder) {
    const state = builder.enumType('ApiKeyState', {
      description: '`expiring`: it works, but for 14 days at the most.',
      values: ['active', 'expiring', 'expired', 'revoked'] as const,
    });
    const apiKey = builder.objectRef<KeySummary>('ApiKey').implement({
      description: 'A long-lived credential.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false, description: 'The part of the key that is no secret.' }),
        prefix: t.exposeString('prefix', { nullable: false, description: 'How the key begins.' }),
        lastFour: t.exposeString('lastFour', { nullable: false, description: 'How it ends.' }),
        name: t.exposeString('name', { nullable: false }),
        owner: t.exposeString('owner', { nullable: false, description: "The owner's e-mail address." }),
        userId: t.exposeString('userId', { nullable: false, description: "The owner's id." }),
        scopes: t.stringList({
          nullable: false,
          description: 'What it was granted. It never does more than its owner may.',
          resolve: key => [...key.scopes],
        }),
        state: t.expose('state', { type: state, nullable: false }),
        warning: t.exposeString('warning', { nullable: true, description: 'That it ends soon, in words.' }),
        createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
        expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
        lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
        lastUsedIp: t.exposeString('lastUsedIp', { nullable: true }),
        revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
        madeBy: t.exposeString('madeBy', {
          nullable: true,
          description:
            'The kind of credential that made it: `session`, `key` or `token`; `server`: the command line; null: not known.',
        }),
        appId: t.exposeString('appId', {
          nullable: true,
          description: 'The app that made it, with whose access it ends.',
        }),
        replaces: t.exposeString('replaces', {
          nullable: true,
          description: 'The id of the key that it took the place of.',
        }),
        replacedBy: t.exposeString('replacedBy', {
          nullable: true,
          description: 'The id of the key that took its place.',
        }),
      }),
    });
    const created = builder.objectRef<CreatedKey>('CreatedApiKey').implement({
      description: 'A key that was just made.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false }),
        key: t.exposeString('key', {
          nullable: false,
          description: 'The key itself: the only copy that there will ever be.',
        }),
        lastFour: t.exposeString('lastFour', { nullable: false }),
        name: t.exposeString('name', { nullable: false }),
        owner: t.exposeString('owner', { nullable: false }),
        scopes: t.stringList({ nullable: false, resolve: key => [...key.scopes] }),
        expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
        replaces: t.exposeString('replaces', { nullable: true }),
      }),
    });
    builder.queryField('apiKeys', t =>
      t.field({
        type: [apiKey],
        nullable: false,
        description: 'Your own API keys; with the scope `admin` everybody’s. The newest first.',
        args: { owner: t.arg.string({ description: 'Those of one person: e-mail address or id.' }) },
        resolve: async (_root, { owner }, { principal, request, services }) =>
          (await services.auth.keys.list({ principal, request }, { owner: owner ?? undefined })).reverse(),
      }),
    );
    builder.mutationField('createApiKey', t =>
      t.field({
        type: created,
        nullable: true,
        description: 'Makes a key. It can do no more than you may, nor than its owner.',
        args: {
          name: t.arg.string({ required: true }),
          scopes: t.arg.stringList({ required: true }),
          expiresAt: t.arg({ type: 'DateTime', description: 'Never where absent.' }),
          owner: t.arg.string({ description: "The owner's e-mail address; yours where absent." }),
        },
        resolve: (_root, { name, scopes, expiresAt, owner }, { principal, request, services }) =>
          services.auth.keys.create(
            {
              ...{ name, scopes, expiresAt: toTime(expiresAt) },
              ...(owner == null ? { userId: principal.userId } : { email: owner }),
            },
            { principal, request },
          ),
      }),
    );
    builder.mutationField('rotateApiKey', t =>
      t.field({
        type: created,
        nullable: true,
        description: 'Makes a key that takes the place of another, which ends when the overlap is over.',
        args: {
          id: t.arg.string({ required: true }),
          overlapSeconds: t.arg.int({ required: true, description: '0: the old key is dead at once.' }),
          expiresAt: t.arg({
            type: 'DateTime',
            description: 'null: never; where absent, after as long as the old one was made for.',
          }),
        },
        resolve: (_root, { id, overlapSeconds, expiresAt }, { principal, request, services }) =>
          services.auth.keys.rotate(
            id,
            { overlapMs: overlapSeconds * 1_000, expiresAt: toTime(expiresAt) },
            { principal, request },
          ),
      }),
    );
    builder.mutationField('revokeApiKey', t =>
      t.string({
        nullable: true,
        description: 'Ends a key: it is dead everywhere within a second. Gives its id.',
        args: { id: t.arg.string({ required: true }) },
        async resolve(_root, { id }, { principal, request, services }) {
          await services.auth.keys.revoke(id, { principal, request });
          return id;
        },
      }),
    );
  },
};

const toTime = (text: string | null | undefined): Date | null | undefined =>
  text == null ? (text as null | undefined) : new Date(text);

// API keys: a user's own, and all of them for administrators. The hash of a key is never exposed.

import type { CreatedKey, KeySummary } from '../../auth/keys/keys.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';

export const apiKeys: PlatformPart = {
  queries: ['apiKeys'],
  mutations: ['createApiKey', 'rotateApiKey', 'revokeApiKey'],
  add(builder) {
    const state = stateType(builder);
    const apiKey = apiKeyType(builder, { state });
    const created = createdType(builder);
    addApiKeys(builder, { apiKey });
    addCreateApiKey(builder, { created });
    addRotateApiKey(builder, { created });
    addRevokeApiKey(builder);
  },
};

const stateType = (builder: Builder) =>
  builder.enumType('ApiKeyState', {
    description: '`expiring`: valid, but expires within 14 days.',
    values: ['active', 'expiring', 'expired', 'revoked'] as const,
  });

const apiKeyType = (builder: Builder, { state }: { readonly state: ReturnType<typeof stateType> }) =>
  builder.objectRef<KeySummary>('ApiKey').implement({
    description: 'A long-lived credential for a program.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false, description: 'The public part of the key.' }),
      prefix: t.exposeString('prefix', {
        nullable: false,
        description: 'The first characters of the key.',
      }),
      lastFour: t.exposeString('lastFour', {
        nullable: false,
        description: 'The last four characters of the key.',
      }),
      name: t.exposeString('name', { nullable: false }),
      owner: t.exposeString('owner', { nullable: false, description: "The owner's e-mail address." }),
      userId: t.exposeString('userId', { nullable: false, description: "The owner's id." }),
      scopes: t.stringList({
        nullable: false,
        description: 'The granted scopes. A key never has more permissions than its owner.',
        resolve: key => [...key.scopes],
      }),
      state: t.expose('state', { type: state, nullable: false }),
      warning: t.exposeString('warning', {
        nullable: true,
        description: 'A warning if the key expires soon.',
      }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
      lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
      lastUsedIp: t.exposeString('lastUsedIp', { nullable: true }),
      revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
      madeBy: t.exposeString('madeBy', {
        nullable: true,
        description:
          'The kind of credential that created it: `session`, `key` or `token`; `server`: the command line; null: unknown.',
      }),
      appId: t.exposeString('appId', {
        nullable: true,
        description: 'The app that created it. Revoking the access of the app revokes the key.',
      }),
      replaces: t.exposeString('replaces', {
        nullable: true,
        description: 'The id of the key that it replaces.',
      }),
      replacedBy: t.exposeString('replacedBy', {
        nullable: true,
        description: 'The id of the key that replaces it.',
      }),
    }),
  });

const createdType = (builder: Builder) =>
  builder.objectRef<CreatedKey>('CreatedApiKey').implement({
    description: 'A newly created key.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      key: t.exposeString('key', {
        nullable: false,
        description: 'The key itself. It is shown only once.',
      }),
      lastFour: t.exposeString('lastFour', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      owner: t.exposeString('owner', { nullable: false }),
      scopes: t.stringList({ nullable: false, resolve: key => [...key.scopes] }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
      replaces: t.exposeString('replaces', { nullable: true }),
    }),
  });

function addApiKeys(builder: Builder, { apiKey }: { readonly apiKey: ReturnType<typeof apiKeyType> }): void {
  builder.queryField('apiKeys', t =>
    t.field({
      type: [apiKey],
      nullable: false,
      description: 'Your API keys; with the scope `admin`, the API keys of all users. Newest first.',
      args: { owner: t.arg.string({ description: 'Only the keys of this user: e-mail address or id.' }) },
      resolve: async (_root, { owner }, { principal, request, services }) =>
        (await services.auth.keys.list({ principal, request }, { owner: owner ?? undefined })).reverse(),
    }),
  );
}

function addCreateApiKey(
  builder: Builder,
  { created }: { readonly created: ReturnType<typeof createdType> },
): void {
  builder.mutationField('createApiKey', t =>
    t.field({
      type: created,
      nullable: true,
      description: 'Creates a key. It cannot have more permissions than you or its owner.',
      args: {
        name: t.arg.string({ required: true }),
        scopes: t.arg.stringList({ required: true }),
        expiresAt: t.arg({ type: 'DateTime', description: 'Default: never.' }),
        owner: t.arg.string({ description: "The owner's e-mail address. Default: you." }),
      },
      resolve: (_root, { name, scopes, expiresAt, owner }, { principal, request, services }) =>
        services.auth.keys.create(
          {
            name,
            scopes,
            expiresAt: toTime(expiresAt),
            ...(owner == null ? { userId: principal.userId } : { email: owner }),
          },
          { principal, request },
        ),
    }),
  );
}

function addRotateApiKey(
  builder: Builder,
  { created }: { readonly created: ReturnType<typeof createdType> },
): void {
  builder.mutationField('rotateApiKey', t =>
    t.field({
      type: created,
      nullable: true,
      description: 'Creates a key that replaces another, which expires after the overlap.',
      args: {
        id: t.arg.string({ required: true }),
        overlapSeconds: t.arg.int({ required: true, description: '0: the old key is revoked at once.' }),
        expiresAt: t.arg({
          type: 'DateTime',
          description: 'null: never. Default: the lifetime of the old key, from now.',
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
}

function addRevokeApiKey(builder: Builder): void {
  builder.mutationField('revokeApiKey', t =>
    t.string({
      nullable: true,
      description: 'Revokes a key everywhere within a second. Returns its id.',
      args: { id: t.arg.string({ required: true }) },
      async resolve(_root, { id }, { principal, request, services }) {
        await services.auth.keys.revoke(id, { principal, request });
        return id;
      },
    }),
  );
}

const toTime = (text: string | null | undefined): Date | null | undefined =>
  text == null ? (text as null | undefined) : new Date(text);

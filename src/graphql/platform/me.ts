// `me`: who the server takes the caller for.

import type { Me, MyLimits, MySet } from '../../account/me.ts';
import type { PlatformPart } from '../model/builder.ts';

type Asking = Pick<Me, 'id' | 'kind' | 'name' | 'scopes'> & { readonly more: () => Promise<Me> };

export const me: PlatformPart = {
  queries: ['me'],
  add(builder) {
    const user = builder.objectRef<NonNullable<Me['user']>>('MyUser').implement({
      description: 'For whom a credential acts.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false }),
        email: t.exposeString('email', { nullable: false }),
        name: t.exposeString('name', { nullable: false }),
        role: t.string({
          nullable: true,
          description: '`administrator`, `editor`, `viewer`; null: exactly what the scopes say.',
          resolve: ({ role }) => role,
        }),
      }),
    });
    const app = builder.objectRef<NonNullable<Me['app']>>('MyApp').implement({
      description: 'The app that holds a token.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false }),
        name: t.exposeString('name', { nullable: false }),
      }),
    });
    const field = builder.objectRef<MySet['restrictedFields'][number]>('MyRestrictedField').implement({
      description:
        'A field for which the scope of its set is not enough, and whether it may be read and written.',
      fields: t => ({
        name: t.exposeString('name', { nullable: false }),
        read: t.exposeBoolean('read', { nullable: false }),
        write: t.exposeBoolean('write', { nullable: false }),
      }),
    });
    const set = builder.objectRef<MySet>('MySet').implement({
      description: 'An entity set that may be read or written.',
      fields: t => ({
        name: t.exposeString('name', { nullable: false }),
        read: t.exposeBoolean('read', { nullable: false }),
        write: t.exposeBoolean('write', { nullable: false }),
        restrictedFields: t.field({
          type: [field],
          nullable: false,
          description: 'All that the set has, also those that may be neither read nor written.',
          resolve: one => [...one.restrictedFields],
        }),
      }),
    });
    const requests = builder.objectRef<NonNullable<MyLimits['requests']>>('MyRequestLimit').implement({
      description: 'So many requests in so many seconds.',
      fields: t => ({
        max: t.exposeInt('max', { nullable: false }),
        seconds: t.exposeInt('seconds', { nullable: false }),
      }),
    });
    const limits = builder.objectRef<MyLimits>('MyLimits').implement({
      description: 'How much may be asked for at once.',
      fields: t => ({
        takeDefault: t.exposeFloat('takeDefault', {
          nullable: false,
          description: 'Rows of a list that asks for no number.',
        }),
        takeMax: t.exposeFloat('takeMax', { nullable: false, description: 'Rows of a list at the most.' }),
        depthMax: t.exposeFloat('depthMax', { nullable: false, description: 'Levels of nesting.' }),
        costMax: t.exposeFloat('costMax', {
          nullable: false,
          description: 'Estimated rows times values of an answer.',
        }),
        bodyBytesMax: t.exposeFloat('bodyBytesMax', { nullable: false }),
        uploadBytesMax: t.exposeFloat('uploadBytesMax', { nullable: false }),
        requests: t.field({
          type: requests,
          nullable: true,
          description: 'null: any number.',
          resolve: one => one.requests,
        }),
      }),
    });
    const principal = builder.objectRef<Asking>('Principal').implement({
      description: 'Who is asking, and what they may do.',
      fields: t => ({
        id: t.exposeString('id', { nullable: false, description: "The credential's own id." }),
        kind: t.exposeString('kind', {
          nullable: false,
          description: 'The kind of credential: `key`, `token` or `session`.',
        }),
        name: t.exposeString('name', { nullable: false }),
        scopes: t.stringList({
          nullable: false,
          description: 'What it may do.',
          resolve: ({ scopes }) => [...scopes],
        }),
        allowed: t.stringList({
          nullable: false,
          description: 'What it may do, in words.',
          resolve: async ({ more }) => [...(await more()).allowed],
        }),
        user: t.field({ type: user, nullable: true, resolve: async ({ more }) => (await more()).user }),
        app: t.field({ type: app, nullable: true, resolve: async ({ more }) => (await more()).app }),
        sets: t.field({
          type: [set],
          nullable: false,
          description: 'Those that it may read or write.',
          resolve: async ({ more }) => [...(await more()).sets],
        }),
        limits: t.field({
          type: limits,
          nullable: false,
          resolve: async ({ more }) => (await more()).limits,
        }),
        expiresAt: t.field({
          type: 'DateTime',
          nullable: true,
          description: 'null: never.',
          resolve: async ({ more }) => (await more()).expiresAt,
        }),
      }),
    });
    builder.queryField('me', t =>
      t.field({
        type: principal,
        nullable: false,
        description: 'Who you are to this server.',
        resolve(_root, _args, { principal: asking, services }) {
          const { id, kind, name, scopes } = asking;
          let described: Promise<Me> | undefined;
          const more = () => {
            described ??= services.me(asking);
            return described;
          };
          return { id, kind, name, scopes: [...scopes].sort(), more };
        },
      }),
    );
  },
};

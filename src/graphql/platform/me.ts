// `me`: the caller as the server sees them.

import type { Me, MyLimits, MySet } from '../../account/me.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';

type Asking = Pick<Me, 'id' | 'kind' | 'name' | 'scopes'> & { readonly more: () => Promise<Me> };

export const me: PlatformPart = {
  queries: ['me'],
  add(builder) {
    const user = userType(builder);
    const app = appType(builder);
    const field = fieldType(builder);
    const set = setType(builder, { field });
    const requests = requestsType(builder);
    const limits = limitsType(builder, { requests });
    const principal = principalType(builder, { user, app, set, limits });
    addMe(builder, { principal });
  },
};

const userType = (builder: Builder) =>
  builder.objectRef<NonNullable<Me['user']>>('MyUser').implement({
    description: 'The user for whom a credential acts.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      email: t.exposeString('email', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      role: t.string({
        nullable: true,
        description: '`administrator`, `editor`, `viewer`; null: no role, only the scopes.',
        resolve: ({ role }) => role,
      }),
    }),
  });

const appType = (builder: Builder) =>
  builder.objectRef<NonNullable<Me['app']>>('MyApp').implement({
    description: 'The app that a token was issued to.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
    }),
  });

const fieldType = (builder: Builder) =>
  builder.objectRef<MySet['restrictedFields'][number]>('MyRestrictedField').implement({
    description: 'A field that needs more than the scope of its set, and whether you may read and write it.',
    fields: t => ({
      name: t.exposeString('name', { nullable: false }),
      read: t.exposeBoolean('read', { nullable: false }),
      write: t.exposeBoolean('write', { nullable: false }),
    }),
  });

const setType = (builder: Builder, { field }: { readonly field: ReturnType<typeof fieldType> }) =>
  builder.objectRef<MySet>('MySet').implement({
    description: 'An entity set that you may read or write.',
    fields: t => ({
      name: t.exposeString('name', { nullable: false }),
      read: t.exposeBoolean('read', { nullable: false }),
      write: t.exposeBoolean('write', { nullable: false }),
      restrictedFields: t.field({
        type: [field],
        nullable: false,
        description: 'All restricted fields of the set, including those that you may neither read nor write.',
        resolve: one => [...one.restrictedFields],
      }),
    }),
  });

const requestsType = (builder: Builder) =>
  builder.objectRef<NonNullable<MyLimits['requests']>>('MyRequestLimit').implement({
    description: 'The maximum number of requests in a number of seconds.',
    fields: t => ({
      max: t.exposeInt('max', { nullable: false }),
      seconds: t.exposeInt('seconds', { nullable: false }),
    }),
  });

const limitsType = (builder: Builder, { requests }: { readonly requests: ReturnType<typeof requestsType> }) =>
  builder.objectRef<MyLimits>('MyLimits').implement({
    description: 'The limits of a single request.',
    fields: t => ({
      takeDefault: t.exposeFloat('takeDefault', {
        nullable: false,
        description: 'Default number of rows in a list.',
      }),
      takeMax: t.exposeFloat('takeMax', {
        nullable: false,
        description: 'Maximum number of rows in a list.',
      }),
      depthMax: t.exposeFloat('depthMax', {
        nullable: false,
        description: 'Maximum number of nesting levels.',
      }),
      costMax: t.exposeFloat('costMax', {
        nullable: false,
        description: 'Maximum estimated cost: rows times values of a response.',
      }),
      bodyBytesMax: t.exposeFloat('bodyBytesMax', { nullable: false }),
      uploadBytesMax: t.exposeFloat('uploadBytesMax', { nullable: false }),
      requests: t.field({
        type: requests,
        nullable: true,
        description: 'null: unlimited.',
        resolve: one => one.requests,
      }),
    }),
  });

const principalType = (
  builder: Builder,
  {
    user,
    app,
    set,
    limits,
  }: {
    readonly user: ReturnType<typeof userType>;
    readonly app: ReturnType<typeof appType>;
    readonly set: ReturnType<typeof setType>;
    readonly limits: ReturnType<typeof limitsType>;
  },
) =>
  builder.objectRef<Asking>('Principal').implement({
    description: 'The caller and their permissions.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false, description: "The credential's own id." }),
      kind: t.exposeString('kind', {
        nullable: false,
        description: 'The kind of credential: `key`, `token` or `session`.',
      }),
      name: t.exposeString('name', { nullable: false }),
      scopes: t.stringList({
        nullable: false,
        description: 'The scopes of the credential.',
        resolve: ({ scopes }) => [...scopes],
      }),
      allowed: t.stringList({
        nullable: false,
        description: 'Descriptions of what the credential may do.',
        resolve: async ({ more }) => [...(await more()).allowed],
      }),
      user: t.field({ type: user, nullable: true, resolve: async ({ more }) => (await more()).user }),
      app: t.field({ type: app, nullable: true, resolve: async ({ more }) => (await more()).app }),
      sets: t.field({
        type: [set],
        nullable: false,
        description: 'The sets that it may read or write.',
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

function addMe(
  builder: Builder,
  { principal }: { readonly principal: ReturnType<typeof principalType> },
): void {
  builder.queryField('me', t =>
    t.field({
      type: principal,
      nullable: false,
      description: 'Your user, credential, permissions and limits.',
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
}

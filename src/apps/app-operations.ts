// The REST API for apps, declared: /api/apps.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { texts, time } from '../http/rest/fields.ts';
import { appSchema, secretSchema } from './services/app-view.ts';

const described = <const S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text));

/** null removes the current value. */
const removable = () => v.optional(v.nullable(v.string()));

const changes = {
  name: v.optional(v.string()),
  description: removable(),
  homePage: removable(),
  redirectUris: v.optional(texts()),
  scopes: v.optional(described(texts(), 'The most that it may request.')),
  clientCredentials: v.optional(
    described(v.boolean(), 'Whether it may act for itself, with the client credentials grant.'),
  ),
};

const anyTime = () => v.optional(v.nullable(time()));

const app = {
  tag: 'Apps',
  answer: appSchema,
  errors: ['SCOPE_MISSING', 'NOT_FOUND', 'CONFLICT'],
} as const;

const nothing = { tag: 'Apps', errors: ['SCOPE_MISSING', 'NOT_FOUND', 'CONFLICT'] } as const;

export const appOperations = declareOperations({
  list: {
    id: 'listApps',
    tag: 'Apps',
    method: 'GET',
    path: '/api/apps',
    summary: 'List OAuth apps',
    notes: "A session sees its user's apps; with the scope `admin`, those of all users.",
    query: v.strictObject({
      owner: v.optional(described(v.string(), 'The ID of a user: only the apps of this user.')),
      search: v.optional(described(v.string(), 'Part of the name, client ID or owner.')),
    }),
    answer: v.object({ apps: v.array(appSchema) }),
    errors: ['SCOPE_MISSING'],
  },
  create: {
    ...app,
    id: 'createApp',
    method: 'POST',
    path: '/api/apps',
    summary: 'Create an OAuth app',
    body: v.strictObject({
      ...changes,
      name: v.string(),
      scopes: described(texts(), 'The most that it may request.'),
      confidential: described(
        v.boolean(),
        'Whether it keeps a secret; false for apps in browsers and on devices.',
      ),
      owner: v.optional(described(v.string(), 'The e-mail address of the owner. Default: the caller.')),
    }),
    answer: v.object({
      ...appSchema.entries,
      clientSecret: v.optional(
        described(v.string(), 'Of a confidential app. The only copy: it cannot be shown again.'),
      ),
    }),
    status: 201,
  },
  get: { ...app, id: 'getApp', method: 'GET', path: '/api/apps/{id}', summary: 'Get an app' },
  change: {
    ...app,
    id: 'changeApp',
    method: 'PATCH',
    path: '/api/apps/{id}',
    summary: 'Change an app',
    notes: 'Members that are left out do not change; null removes a value.',
    body: v.strictObject(changes),
  },
  remove: {
    ...nothing,
    id: 'deleteApp',
    method: 'DELETE',
    path: '/api/apps/{id}',
    summary: 'Delete an app; its tokens stop working',
  },
  disable: {
    ...app,
    id: 'disableApp',
    method: 'POST',
    path: '/api/apps/{id}/disable',
    summary: 'Disable an app; its tokens stop working within a second',
  },
  enable: {
    ...app,
    id: 'enableApp',
    method: 'POST',
    path: '/api/apps/{id}/enable',
    summary: 'Enable an app',
  },
  setLogo: {
    ...app,
    id: 'setAppLogo',
    method: 'PUT',
    path: '/api/apps/{id}/logo',
    summary: "Set an app's logo",
    receives: { 'image/png': 'binary', 'image/jpeg': 'binary', 'image/webp': 'binary' },
    errors: [...app.errors, 'TOO_LARGE'],
  },
  removeLogo: {
    ...app,
    id: 'removeAppLogo',
    method: 'DELETE',
    path: '/api/apps/{id}/logo',
    summary: "Remove an app's logo",
  },
  createSecret: {
    ...app,
    id: 'createAppSecret',
    method: 'POST',
    path: '/api/apps/{id}/secrets',
    summary: 'Create another secret of a confidential app',
    body: v.strictObject({
      expiresAt: v.pipe(anyTime(), v.description('null or absent: never.')),
      othersExpireAt: v.pipe(
        anyTime(),
        v.description('When the existing secrets expire; null or absent: unchanged.'),
      ),
    }),
    answer: v.object({
      ...secretSchema.entries,
      secret: described(v.string(), 'The only copy: it cannot be shown again.'),
    }),
    status: 201,
  },
  removeSecret: {
    ...nothing,
    id: 'removeAppSecret',
    method: 'DELETE',
    path: '/api/apps/{id}/secrets/{secret}',
    summary: 'Remove a secret of an app',
  },
});

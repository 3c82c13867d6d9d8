// The REST API for developers and grants, declared: /api/developer and /api/grants.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { developerSchema } from './services/developers.ts';
import { grantSchema } from './services/grants.ts';

const user = v.optional(
  v.pipe(v.string(), v.description('The ID of a user, with the scope `admin`. Default: the caller.')),
);

export const developerOperations = declareOperations({
  get: {
    id: 'getDeveloper',
    tag: 'Apps',
    method: 'GET',
    path: '/api/developer',
    summary: 'Get a registration as a developer',
    query: v.strictObject({ user }),
    answer: developerSchema,
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
  save: {
    id: 'saveDeveloper',
    tag: 'Apps',
    method: 'PUT',
    path: '/api/developer',
    summary: 'Register as a developer, or change the registration',
    query: v.strictObject({ user }),
    body: v.strictObject({
      name: v.string(),
      website: v.optional(v.nullable(v.string())),
      contactEmail: v.string(),
    }),
    answer: developerSchema,
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
});

export const grantOperations = declareOperations({
  list: {
    id: 'listGrants',
    tag: 'Apps',
    method: 'GET',
    path: '/api/grants',
    summary: 'List connected apps, the last used first',
    notes: "A session sees its user's grants; with the scope `admin`, those of all users.",
    query: v.strictObject({
      user,
      app: v.optional(v.pipe(v.string(), v.description('A client ID: only grants of this app.'))),
    }),
    answer: v.object({ grants: v.array(grantSchema) }),
    errors: ['SCOPE_MISSING'],
  },
  revoke: {
    id: 'revokeGrant',
    tag: 'Apps',
    method: 'DELETE',
    path: '/api/grants/{id}',
    summary: "Revoke an app's access; its tokens stop working within a second",
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
});

// The REST API for API keys, declared: /api/keys.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { texts, time } from '../http/rest/fields.ts';
import { createdKey, keySummary } from './keys/view.ts';

const expiry = () => v.optional(v.nullable(time()));

export const keyOperations = declareOperations({
  list: {
    id: 'listKeys',
    tag: 'API keys',
    method: 'GET',
    path: '/api/keys',
    summary: 'List API keys',
    notes: "The caller's own keys; with the scope `admin`, the keys of all users.",
    query: v.strictObject({
      owner: v.optional(v.pipe(v.string(), v.description('An e-mail address: only the keys of this user.'))),
    }),
    answer: v.object({ keys: v.array(keySummary) }),
    errors: ['SCOPE_MISSING'],
  },
  create: {
    id: 'createKey',
    tag: 'API keys',
    method: 'POST',
    path: '/api/keys',
    summary: 'Create an API key',
    notes:
      'Requires a session or the scope `admin`. A key never has more permissions than its owner or than the caller.',
    body: v.strictObject({
      name: v.pipe(v.string(), v.description('What the key is for.')),
      scopes: texts(),
      expiresAt: v.pipe(expiry(), v.description('null or absent: never.')),
      owner: v.optional(
        v.pipe(v.string(), v.description('The e-mail address of the owner. Default: the caller.')),
      ),
    }),
    answer: createdKey,
    status: 201,
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
  rotate: {
    id: 'rotateKey',
    tag: 'API keys',
    method: 'POST',
    path: '/api/keys/{id}/rotate',
    summary: 'Replace an API key by a new one with the same scopes',
    body: v.strictObject({
      overlapSeconds: v.pipe(
        v.number(),
        v.finite('a number'),
        v.description('How long the old key stays valid; 0: it is revoked at once.'),
      ),
      expiresAt: v.pipe(expiry(), v.description('null: never; absent: the same lifetime as the old key.')),
    }),
    answer: createdKey,
    status: 201,
    errors: ['SCOPE_MISSING', 'NOT_FOUND', 'CONFLICT'],
  },
  revoke: {
    id: 'revokeKey',
    tag: 'API keys',
    method: 'DELETE',
    path: '/api/keys/{id}',
    summary: 'Revoke an API key',
    notes: 'It stops working on every instance within a second.',
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
});

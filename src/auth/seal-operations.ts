// The REST API for SafeStore rotation, declared: /api/safestore.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { textOrNull } from '../http/rest/fields.ts';

const remaining = v.pipe(v.number(), v.description('Values still to be re-encrypted.'));

export const sealOperations = declareOperations({
  status: {
    id: 'getSafestoreStatus',
    tag: 'Secrets',
    method: 'GET',
    path: '/api/safestore',
    summary: 'Show what is left to re-encrypt after a change of the pepper',
    needs: ['admin'],
    answer: v.object({
      newestPepper: v.pipe(v.number(), v.description('The version of the current pepper.')),
      unusedPeppers: v.pipe(
        v.array(v.number()),
        v.description('Versions of older peppers that nothing needs any more.'),
      ),
      remaining,
      sealed: v.array(
        v.object({
          table: v.string(),
          column: v.string(),
          pepper: v.number(),
          count: v.number(),
          stale: v.pipe(
            v.number(),
            v.description("Values not encrypted with the newest pepper and the owner's newest key."),
          ),
        }),
      ),
      passwords: v.array(v.object({ pepper: v.number(), count: v.number() })),
    }),
  },
  rotate: {
    id: 'rotateSafestore',
    tag: 'Secrets',
    method: 'POST',
    path: '/api/safestore/rotate',
    summary: 'Re-encrypt secrets with the newest pepper',
    notes: 'A request runs for a few seconds. If `next` is not null, send it as `from` in another request.',
    needs: ['admin'],
    body: v.strictObject({
      userKeys: v.optional(
        v.pipe(v.boolean(), v.description('Whether to create a new key for every owner first.')),
      ),
      from: v.optional(v.pipe(v.string(), v.description('`next` of the previous request.'))),
    }),
    answer: v.object({
      moved: v.pipe(v.number(), v.description('Values re-encrypted.')),
      broken: v.pipe(v.number(), v.description('Values that could not be decrypted.')),
      userKeysMade: v.number(),
      userKeysDropped: v.number(),
      next: textOrNull(),
      remaining,
    }),
  },
});

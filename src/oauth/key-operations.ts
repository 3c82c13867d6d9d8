// The REST API for the keys that sign tokens, declared.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { paths } from './settings.ts';

export const signingKeyOperations = declareOperations({
  rotate: {
    id: 'rotateSigningKeys',
    tag: 'Secrets',
    method: 'POST',
    path: paths.rotateKeys,
    summary: 'Create new keys for signing access tokens',
    notes: 'The older keys stay published as long as their tokens may be valid.',
    needs: ['admin'],
    answer: v.object({ keys: v.pipe(v.array(v.string()), v.description('The IDs of the new keys.')) }),
    status: 201,
  },
});

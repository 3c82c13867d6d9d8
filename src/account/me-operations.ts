import { declareOperations } from '../http/message/operation.ts';
import { meSchema } from './me.ts';

/** `GET /api/me`, declared. */
export const meOperations = declareOperations({
  get: {
    id: 'getMe',
    tag: 'Me',
    method: 'GET',
    path: '/api/me',
    summary: "Describe the caller's own credential: its user, scopes, entity sets and limits",
    answer: meSchema,
  },
});

import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { PartScope } from './part-scope.ts';

export type Handler = (request: Incoming, principal: Principal, scope: PartScope) => Promise<Answer> | Answer;

/** The methods of the routes. A part of a batch may use any other. */
export const servedMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

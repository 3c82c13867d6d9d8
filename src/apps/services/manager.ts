// Who may manage developers, apps and grants: users their own, administrators all.

import type { AuditEvent } from '../../audit/event.ts';
import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { isUuid } from '../../base/uuid.ts';
import type { Incoming } from '../../http/message/message.ts';

/** Frozen. Without a principal: the operator, through the command line. */
export interface Manager {
  readonly principal?: Principal;
  /** For the audit log: the origin of the request. */
  readonly request?: Incoming;
  /** Whether it manages what is others' too. */
  readonly everybody: boolean;
}

export const operator: Manager = Object.freeze({ everybody: true });

/**
 * An app's token, and a key that was made for data, manage nothing: that takes a person who is signed in, or `admin`.
 * @throws SCOPE_MISSING
 */
export function asManager(principal: Principal, request?: Incoming): Manager {
  const everybody = principal.scopes.has('admin');
  if (principal.kind === 'session' || (everybody && principal.kind !== 'anonymous'))
    return Object.freeze({ principal, request, everybody });
  throw fault('SCOPE_MISSING', 'To manage apps, you must be signed in or have the scope "admin".', {
    target: 'admin',
  });
}

/** @returns whose user id it is; undefined for the operator */
export const userIdOf = ({ principal }: Manager): string | undefined => principal?.userId;

/** Whether it can be a user's id at all: the database complains of anything else. */
export const isUserId = (text: string): boolean => isUuid(text);

/** Whether it manages what belongs to this user. */
export const manages = (manager: Manager, userId: string): boolean =>
  isUserId(userId) && (manager.everybody || userIdOf(manager) === userId);

/** @throws INVALID_VALUE for the operator, who is nobody in particular */
export function ownUserId(manager: Manager): string {
  const userId = userIdOf(manager);
  if (userId !== undefined) return userId;
  throw fault('INVALID_VALUE', 'The owner is missing.', { target: 'owner' });
}

/** @returns the part of an audit event that says who did it */
export const by = ({ principal, request }: Manager): Pick<AuditEvent, 'principal' | 'request'> => ({
  principal,
  request,
});

/** @returns the operator, without a principal @throws as `asManager` */
export const managerOf = ({ principal, request }: Pick<Manager, 'principal' | 'request'>): Manager =>
  principal ? asManager(principal, request) : operator;
